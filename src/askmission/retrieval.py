"""Retrieval: the passages that may answer a question, best first.

Over every view, so that a question meets its own language where there is a translation and the original where there is
none; lexical in the question's language only; names in any spelling. One number orders them:

    score = LATE · late + LEXICAL · lexical + NAMES · share of the question's names that the passage holds
          + MOMENTS · how well its day and hour agree with the question's - HEADINGS, if it is one

late: late interaction (`interaction`), each of the question's tokens counting with the view that has its nearest,
scaled so that the best passage has 1 and the 100th 0. lexical: BM25 over the most that any text could score, so that
one common word in eight counts for little even when no passage has more. The passages compared are those of the nearest
vectors and of the best words. The weights were chosen by hand among a few values, by the mean reciprocal rank on dev
questions of invented missions, some of which had taught the interaction of that moment.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from askmission.asking import Kind, kind_of
from askmission.encoder import Vectors
from askmission.index import Entry, Index
from askmission.interaction import best_per_token, interaction_of
from askmission.lexical import content_tokens, without_courtesy
from askmission.moments import Moments, agreement, asked_moments, moments_of
from askmission.names import NameFinder

CANDIDATE_ROWS = 400
"""How many of the nearest vectors are looked at."""

WORDED = 50
"""How many of the passages that hold the question's words are looked at."""

IN_MEMORY = 50_000
"""Up to so many tokens are held in memory, in single precision (at 384 dimensions 77 MB)."""

REFERENCE = 100
"""The rank whose similarity counts as nothing."""

WEAKEST = 0.25
"""The share of a question that is looked at for how badly a unit matches it."""

LATE = 3.0
LEXICAL = 2.0
NAMES = 0.3
MOMENTS = 0.8
HEADINGS = {"heading": 0.5, "header": 0.5, "speaker": -0.15}
"""What is taken off, by kind: what stands below a heading answers better, but not who speaks. For that one it is the
lowest of a few values with which the other questions keep their share of hits among the first three."""


@dataclass(frozen=True)
class Query:
    """A question made ready: as it was `asked`, in its usual names, with its vector, tokens, terms and names.

    `kind` is what it asks for. `tokens`, shape (tokens, dimension), and their `weights`, shape (tokens,), are ready for
    late interaction, `below` for the cross-encoder, if the encoder tells.
    """

    asked: str
    text: str
    language: str
    kind: Kind
    vector: Vectors
    tokens: Vectors
    weights: Vectors
    below: Vectors | None
    terms: tuple[str, ...]
    names: tuple[int, ...]
    moments: Moments


@dataclass(frozen=True)
class Hit:
    """A passage found for a question.

    `similarity` is late interaction's, between -1 and 1, `units` that of each unit (-1 without words), `weakest` theirs
    by the quarter of the question alone that the unit matches least, `lexical` its BM25 over the most it could be,
    `agreement` how its day and hour agree with the question's, `score` what orders the hits.
    """

    number: int
    entry: Entry
    score: float
    similarity: float
    units: tuple[float, ...]
    weakest: tuple[float, ...]
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
        self._units = np.fromiter((-1 if row.unit is None else row.unit for row in index.rows), np.int64, len(owners))
        small = len(index.tokens) <= IN_MEMORY
        self._tokens = np.asarray(index.tokens, np.float32) if small else index.tokens
        self._interaction = interaction_of(index.manifest.encoder)
        self._moments: dict[int, tuple[Moments, Moments]] = {}

    def query(self, text: str, language: str, encoder: Any) -> Query:
        """Make a question ready for searching."""
        usual = self.finder.usual(text, language)
        (read,) = encoder.queries([usual])
        tokens, weights = self._interaction.query(read.tokens)
        return Query(
            asked=text,
            text=usual,
            language=language,
            kind=kind_of(text, language),
            vector=read.vector,
            tokens=tokens,
            weights=weights,
            below=read.below,
            terms=tuple(dict.fromkeys(content_tokens(usual, language))),
            names=self.finder.numbers([text]),
            moments=asked_moments(without_courtesy(usual, language)),
        )

    def search(self, query: Query, limit: int = 10) -> list[Hit]:
        """Return at most `limit` hits, best first; of equal ones the earlier in the corpus."""
        lexical = self._lexical(query)
        candidates = self._candidates(query, lexical)
        if not len(candidates):
            return []
        similarity, units, weakest = self._late(query, candidates)
        ranked = np.sort(similarity)[::-1]
        floor = ranked[min(REFERENCE, len(ranked)) - 1]
        span = max(float(ranked[0] - floor), 1e-6)
        words = lexical[candidates] / max(self.index.lexical[query.language].bound(query.terms), 1e-6)
        wanted = set(query.names)
        named = np.array([len(wanted.intersection(self.index.entries[n].names)) for n in candidates], np.float32)
        agreement = np.array([self._agreement(query.moments, int(number)) for number in candidates], np.float32)
        heading = np.array([HEADINGS.get(self.index.entries[n].passage.kind, 0.0) for n in candidates], np.float32)
        score = LATE * (similarity - floor) / span + LEXICAL * words + NAMES * named / max(len(wanted), 1)
        score += MOMENTS * agreement - heading
        order = np.lexsort((candidates, -score))[:limit]
        return [
            Hit(
                number=int(candidates[at]),
                entry=self.index.entries[candidates[at]],
                score=float(score[at]),
                similarity=float(similarity[at]),
                units=units[at],
                weakest=weakest[at],
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
        worded = np.argsort(-lexical, kind="stable")[:WORDED]
        return np.unique(np.concatenate([near, worded[lexical[worded] > 0]]))

    def _late(
        self, query: Query, candidates: NDArray[np.int64]
    ) -> tuple[Vectors, list[tuple[float, ...]], list[tuple[float, ...]]]:
        """Return the late interaction of each candidate, shape (candidates,), of its units, and their `weakest`."""
        rows = np.concatenate([np.arange(self._first[number], self._last[number]) for number in candidates])
        places = np.repeat(np.arange(len(candidates)), self._last[candidates] - self._first[candidates])
        similarity = np.zeros(len(candidates), np.float32)
        units = [np.full((2, len(self.index.entries[number].passage.units)), -1.0) for number in candidates]
        spans = self.index.spans[rows]
        full = spans[:, 0] < spans[:, 1]
        rows, places, spans = rows[full], places[full], spans[full]
        if len(rows) and len(query.tokens):
            near = best_per_token(query.tokens, self._tokens, spans)
            # The rows of one unit in several languages become one: each token counts with the nearest.
            order = np.lexsort((self._units[rows], places))
            keys = np.column_stack([places[order], self._units[rows][order]])
            starts = np.flatnonzero(np.any(np.diff(keys, axis=0, prepend=-2), axis=1))
            near = np.maximum.reduceat(near[:, order], starts, axis=1)
            found = np.column_stack([query.weights @ near, weakest_of(near, query.weights)])
            for (place, unit), scores in zip(keys[starts], found, strict=True):
                if unit < 0:
                    similarity[place] = scores[0]
                else:
                    units[place][:, unit] = scores
        return similarity, [tuple(each[0].tolist()) for each in units], [tuple(each[1].tolist()) for each in units]


def weakest_of(near: Vectors, weights: Vectors) -> Vectors:
    """Return the mean of each column of `near`, shape (tokens, texts), over the part that is lowest.

    The part has `WEAKEST` of the `weights`, shape (tokens,), which add to 1. Returns shape (texts,).
    """
    order = np.argsort(near, axis=0)
    weight = weights[order]
    taken = np.clip(WEAKEST - (np.cumsum(weight, axis=0) - weight), 0, weight)
    return np.asarray((taken * np.take_along_axis(near, order, axis=0)).sum(0) / WEAKEST)
