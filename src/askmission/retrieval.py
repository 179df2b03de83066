"""Retrieval: the passages that may answer a question, best first.

Dense over every view, so that a question meets its own language where there is a translation and the original where
there is none; lexical in the question's language only; names in any spelling. One number orders them:

    score = dense + lexical + NAMES · share of the question's names that the passage holds
          + MOMENTS · how well its day and hour agree with the question's - HEADINGS, if it is one

dense: the view's similarity plus UNITS · that of its best unit, the best view counting, scaled so that the best passage
has 1 and the 100th 0. lexical: LEXICAL · BM25 over the most that any text could score, so that one common word in
eight counts for little even when no passage has more. The weights were chosen by hand among a few values, by the mean
reciprocal rank on the dev questions of outside reading tests and of the invented missions (benchmarks/missions).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from askmission.encoder import Vectors
from askmission.index import Entry, Index
from askmission.lexical import content_tokens
from askmission.moments import Moments, agreement, asked_moments, moments_of
from askmission.names import NameFinder

CANDIDATE_ROWS = 400
"""How many of the nearest vectors are looked at."""

REFERENCE = 100
"""The rank whose similarity counts as nothing."""

UNITS = 0.6
LEXICAL = 2.5
NAMES = 0.3
MOMENTS = 0.8
HEADINGS = {"heading": 0.5, "header": 0.5, "speaker": 0.3}
"""What stands below a heading answers better than the heading."""


@dataclass(frozen=True)
class Query:
    """A question made ready: in its usual names, with its vector, terms and names."""

    text: str
    language: str
    vector: Vectors
    terms: tuple[str, ...]
    names: tuple[int, ...]
    moments: Moments


@dataclass(frozen=True)
class Hit:
    """A passage found for a question.

    `similarity` is the best view's, between -1 and 1, `units` that of each unit (its best view's), `lexical` its BM25
    over the most it could be, `agreement` how its day and hour agree with the question's, `score` what orders the hits.
    """

    number: int
    entry: Entry
    score: float
    similarity: float
    units: tuple[float, ...]
    lexical: float
    agreement: float


class Retrieval:
    """Searches one index."""

    def __init__(self, index: Index, finder: NameFinder) -> None:
        self.index = index
        self.finder = finder
        count = len(index.entries)
        owners = np.fromiter((row.entry for row in index.rows), np.int64, len(index.rows))
        self._first = np.searchsorted(owners, np.arange(count), "left")
        self._last = np.searchsorted(owners, np.arange(count), "right")
        self._owners = owners
        self._moments: dict[int, tuple[Moments, Moments]] = {}

    def query(self, text: str, language: str, encoder: Any) -> Query:
        """Make a question ready for searching."""
        usual = self.finder.usual(text, language)
        return Query(
            text=usual,
            language=language,
            vector=encoder.queries([usual])[0],
            terms=tuple(dict.fromkeys(content_tokens(usual, language))),
            names=self.finder.numbers([text]),
            moments=asked_moments(usual),
        )

    def search(self, query: Query, limit: int = 10) -> list[Hit]:
        """Return at most `limit` hits, best first; of equal ones the earlier in the corpus."""
        lexical = self._lexical(query)
        candidates = self._candidates(query, lexical)
        if not len(candidates):
            return []
        similarity = np.zeros(len(candidates), np.float32)
        dense = np.zeros(len(candidates), np.float32)
        units: list[tuple[float, ...]] = []
        for place, number in enumerate(candidates):
            similarity[place], dense[place], of_units = self._similarities(int(number), query.vector)
            units.append(of_units)
        ranked = np.sort(dense)[::-1]
        floor = ranked[min(REFERENCE, len(ranked)) - 1]
        span = max(float(ranked[0] - floor), 1e-6)
        words = lexical[candidates] / max(self.index.lexical[query.language].bound(query.terms), 1e-6)
        wanted = set(query.names)
        named = np.array([len(wanted.intersection(self.index.entries[n].names)) for n in candidates], np.float32)
        agreement = np.array([self._agreement(query.moments, int(number)) for number in candidates], np.float32)
        heading = np.array([HEADINGS.get(self.index.entries[n].passage.kind, 0.0) for n in candidates], np.float32)
        score = (dense - floor) / span + LEXICAL * words + NAMES * named / max(len(wanted), 1)
        score += MOMENTS * agreement - heading
        order = np.lexsort((candidates, -score))[:limit]
        return [
            Hit(
                number=int(candidates[at]),
                entry=self.index.entries[candidates[at]],
                score=float(score[at]),
                similarity=float(similarity[at]),
                units=units[at],
                lexical=float(words[at]),
                agreement=float(agreement[at]),
            )
            for at in order
        ]

    def _agreement(self, asked: Moments, number: int) -> float:
        if not asked:
            return 0.0
        if number not in self._moments:
            passage = self.index.entries[number].passage
            words = " | ".join([*passage.context, " ".join(unit.text for unit in passage.units)])
            self._moments[number] = (moments_of(" | ".join([*passage.trail, words])), moments_of(words))
        return agreement(asked, *self._moments[number])

    def _lexical(self, query: Query) -> NDArray[np.float32]:
        scores = np.zeros(len(self.index.entries), np.float32)
        index = self.index.lexical[query.language]
        scores[index.rows] = index.scores(query.terms)
        return scores

    def _candidates(self, query: Query, lexical: NDArray[np.float32]) -> NDArray[np.int64]:
        from llama_index.core.vector_stores import VectorStoreQuery

        wanted = min(CANDIDATE_ROWS, len(self.index.rows))
        asked = VectorStoreQuery(query_embedding=query.vector.tolist(), similarity_top_k=wanted)
        near = self._owners[[int(row) for row in self.index.store.query(asked).ids or []]]
        worded = np.argsort(-lexical, kind="stable")[:REFERENCE]
        return np.unique(np.concatenate([near, worded[lexical[worded] > 0]]))

    def _similarities(self, number: int, vector: Vectors) -> tuple[float, float, tuple[float, ...]]:
        """Return the similarity of a passage's best view, the same with its best unit's share, and each unit's."""
        first, last = int(self._first[number]), int(self._last[number])
        count = len(self.index.entries[number].passage.units)
        if first == last:
            return 0.0, 0.0, (0.0,) * count
        scores = np.asarray(self.index.store.client.reconstruct_n(first, last - first)) @ vector
        views: dict[str, tuple[float, float]] = {}
        units = np.full(count, -1.0)
        for row, score in zip(self.index.rows[first:last], scores.tolist(), strict=True):
            whole, best = views.get(row.language, (score, -1.0))
            if row.unit is None:
                views[row.language] = (score, best)
                if count == 1:
                    units[0] = max(units[0], score)
            else:
                views[row.language] = (whole, max(best, score))
                units[row.unit] = max(units[row.unit], score)
        similarity = max(whole for whole, _ in views.values())
        dense = max(whole + UNITS * (best if best > -1 else whole) for whole, best in views.values())
        return similarity, dense, tuple(units.tolist())
