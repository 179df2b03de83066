"""Comprehension: the likeliest units are read together with the question, by the cross-encoder where there is one."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from askmission.encoder import EMBEDDED
from askmission.index import Index
from askmission.retrieval import Query
from askmission.selection import Candidate, with_reading

if TYPE_CHECKING:
    from askmission.crossencoder import CrossEncoder

READ = 3
"""So many units are read with a question."""


class Comprehension:
    """Reads the units of one index."""

    def __init__(self, index: Index) -> None:
        self._below = index.below
        self._spans = {
            (row.entry, row.language, row.unit): span for row, span in zip(index.rows, index.spans, strict=True)
        }
        self._model = _cross_encoder() if index.manifest.encoder == EMBEDDED else None

    def read(self, query: Query, units: Sequence[Candidate], most: int = READ) -> list[Candidate]:
        """Return units, the likeliest first, in the order that reading the first of them leads to."""
        if self._model is None or query.below is None or not len(query.below):
            return list(units)
        spans = {
            at: self._spans.get((unit.hit.number, unit.view.language, unit.unit), (0, 0))
            for at, unit in enumerate(units[:most])
            if unit.running
        }
        texts = {at: self._below[first:last] for at, (first, last) in spans.items() if first < last}
        scores = dict(zip(texts, self._model.scores(query.below, list(texts.values())), strict=True))
        return with_reading([replace(unit, read=scores.get(at)) for at, unit in enumerate(units)])


@cache
def _cross_encoder() -> "CrossEncoder":
    from askmission.crossencoder import open_cross_encoder

    return open_cross_encoder()
