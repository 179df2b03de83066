"""Comprehension: the likeliest units are read together with the question, by the cross-encoder where there is one."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from askmission.encoder import EMBEDDED
from askmission.index import Index, Row
from askmission.retrieval import Query
from askmission.selection import Candidate, with_reading

if TYPE_CHECKING:
    from askmission.crossencoder import CrossEncoder

READ = 3
"""So many units are read with a question."""


class Comprehension:
    """Reads the units of one index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._model = _cross_encoder() if index.manifest.encoder == EMBEDDED else None

    def read(self, query: Query, units: Sequence[Candidate], most: int = READ) -> list[Candidate]:
        """Return units, the likeliest first, in the order that reading the first of them leads to."""
        if self._model is None or query.below is None or not len(query.below):
            return list(units)
        states = {at: self._states(unit) for at, unit in enumerate(units[:most]) if unit.readable}
        texts = {at: found for at, found in states.items() if len(found)}
        scores = dict(zip(texts, self._model.scores(query.below, list(texts.values())), strict=True))
        return with_reading([replace(unit, read=scores.get(at)) for at, unit in enumerate(units)])

    def _states(self, unit: Candidate) -> NDArray[np.float16]:
        """Return what the lower layers say of a unit's tokens, shape (tokens, dimension), none if it has no words."""
        rows, number = self._index.rows, unit.hit.number
        wanted = Row(number, unit.view.language, unit.unit)
        start, end = (side(rows, number, key=lambda row: row.entry) for side in (bisect_left, bisect_right))
        spans = (self._index.spans[at] for at in range(start, end) if rows[at] == wanted)
        first, last = next(spans, (0, 0))
        return self._index.below[first:last]


@cache
def _cross_encoder() -> "CrossEncoder":
    from askmission.crossencoder import open_cross_encoder

    return open_cross_encoder()
