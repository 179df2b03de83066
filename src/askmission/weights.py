"""The coefficients of the fitted models, from weights.toml, which benchmarks/fit.py writes."""

import math
import tomllib
from collections.abc import Sequence
from dataclasses import fields
from functools import cache
from importlib.resources import files
from typing import Any


def logit(model: str, signals: type, values: Sequence[float]) -> float:
    """Return the log-odds that `model` gives to the `values` of a dataclass of signals."""
    weights = _read()[model]
    named = zip(fields(signals), values, strict=True)
    return float(weights["intercept"] + sum(weights[field.name] * value for field, value in named))


def sigmoid(log_odds: float) -> float:
    """Return the probability that log-odds stand for."""
    return 1 / (1 + math.exp(-log_odds))


def threshold() -> float:
    """Return the probability from which on a question is answered."""
    return float(_read()["relevance"]["threshold"])


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(files("askmission").joinpath("weights.toml").read_text("utf-8"))
