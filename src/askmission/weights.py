"""The coefficients of the fitted models, from weights.toml, which benchmarks/fit.py writes."""

import math
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


def logit(model: str, signals: Any) -> float:
    """Return the log-odds that `model` gives to signals, an instance of a dataclass."""
    weights = _read()[model]
    return float(weights["intercept"] + sum(weights[name] * value for name, value in vars(signals).items()))


def sigmoid(log_odds: float) -> float:
    """Return the probability that log-odds stand for."""
    return 1 / (1 + math.exp(-log_odds))


def threshold() -> float:
    """Return the probability from which on a question is answered."""
    return float(_read()["relevance"]["threshold"])


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(files("askmission").joinpath("weights.toml").read_text("utf-8"))
