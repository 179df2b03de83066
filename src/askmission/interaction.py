"""Late interaction: a question and a passage compared token by token (ColBERT, Khattab and Zaharia, SIGIR 2020).

    score(question, text) = mean over the question's tokens q, weighted, of max over the text's tokens t of cos(q, t)

The states of E5's tokens all point much the same way, so the mean of many is taken off first, another for questions
than for texts, and what is left is turned a little by a matrix; both, and what weighs a token, are kept in
interaction.npz, for the embedded encoder only: benchmarks/interaction.py fits them, and corrects that encoder with
them. The states of any other are compared as they are.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from askmission.encoder import CORRECTIONS, EMBEDDED, Vectors

WEIGHTS = "interaction.npz"
TAUGHT = (WEIGHTS, CORRECTIONS)


@dataclass(frozen=True)
class Interaction:
    """How the states of an encoder's tokens are made comparable; `digest` tells what was taught from anything else."""

    digest: str = "none"
    question_centre: Vectors | None = None
    text_centre: Vectors | None = None
    turn: Vectors | None = None
    importance: Vectors | None = None

    def documents(self, states: Vectors) -> Vectors:
        """Return the tokens of a text, shape (tokens, dimension), rows of length 1."""
        return self._turned(_moved(states, self.text_centre))

    def query(self, states: Vectors) -> tuple[Vectors, Vectors]:
        """Return the tokens of a question, as `documents` does, and their weights, shape (tokens,), which add to 1."""
        moved = _moved(states, self.question_centre)
        weights = np.ones(len(states), np.float32)
        if self.importance is not None:
            weights = np.logaddexp(0, moved @ self.importance[:-1] + self.importance[-1]).astype(np.float32)
        return self._turned(moved), weights / max(float(weights.sum()), 1e-6)

    def _turned(self, states: Vectors) -> Vectors:
        return _unit(states if self.turn is None else states @ self.turn)


def _moved(states: Vectors, centre: Vectors | None) -> Vectors:
    return states if centre is None else states - centre


def _unit(rows: Vectors) -> Vectors:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6), np.float32)


@cache
def interaction_of(encoder: str) -> Interaction:
    """Return what was fitted for `encoder`, or nothing but the comparison itself."""
    if encoder != EMBEDDED:
        return Interaction()
    home = files("askmission")
    digest = hashlib.sha256(b"".join((home / name).read_bytes() for name in TAUGHT)).hexdigest()[:16]
    with (home / WEIGHTS).open("rb") as file:
        return Interaction(digest, **{name: array.astype(np.float32) for name, array in np.load(file).items()})


def best_per_token(tokens: Vectors, texts: NDArray[np.floating[Any]], spans: NDArray[np.int64]) -> Vectors:
    """Return how near each token of a question comes to the nearest of each span of `texts`.

    tokens: shape (tokens, dimension). spans: shape (spans, 2), first row and the one after the last, none empty, in the
    order of their first rows; one may lie within another. Returns shape (tokens, spans).
    """
    blocks: list[list[int]] = []  # rows to look at: spans that touch are one block
    shifts = np.empty(len(spans), np.int64)
    before = 0
    for number, (first, last) in enumerate(spans.tolist()):
        if not blocks or first > blocks[-1][1]:
            before += blocks[-1][1] - blocks[-1][0] if blocks else 0
            blocks.append([first, last])
        blocks[-1][1] = max(blocks[-1][1], last)
        shifts[number] = blocks[-1][0] - before
    near = [tokens @ np.asarray(texts[first:last], np.float32).T for first, last in blocks]
    near.append(np.full((len(tokens), 1), -1.0, np.float32))  # so that a span may end where the texts end
    bounds = (spans - shifts[:, None]).ravel()
    return np.asarray(np.maximum.reduceat(np.concatenate(near, axis=1), bounds, axis=1)[:, ::2])
