"""Comprehension: the likeliest units are read together with the question, by the cross-encoder where there is one."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from askmission.encoder import EMBEDDED
from askmission.index import Index
from askmission.retrieval import Query
from askmission.selection import Candidate, with_reading

if TYPE_CHECKING:
    from askmission.crossencoder import CrossEncoder, Place

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
        places = {at: found for at, unit in enumerate(units[:most]) if (found := self._place(unit))}
        scores = dict(zip(places, self._model.scores(query.below, list(places.values())), strict=True))
        return with_reading([replace(unit, read=scores.get(at)) for at, unit in enumerate(units)])

    def _place(self, unit: Candidate) -> "Place | None":
        """Return a unit's text, as the lower layers see it, and where in it the unit stands; None if it has no words.

        A table's row is read whole, together with its headings.
        """
        rows, number = self._index.rows, unit.hit.number
        start, end = (side(rows, number, key=lambda row: row.entry) for side in (bisect_left, bisect_right))
        own = [at for at in range(start, end) if rows[at].language == unit.view.language]
        spans = {rows[at].unit: self._index.spans[at].tolist() for at in own}
        begin, stop = spans[None]
        first, last = (begin, stop) if unit.whole else spans.get(unit.unit, (begin, begin))
        return (self._index.below[begin:stop], first - begin, last - begin) if first < last else None


@cache
def _cross_encoder() -> "CrossEncoder":
    from askmission.crossencoder import open_cross_encoder

    return open_cross_encoder()
