"""The lexical index: BM25 over the views of one language, with tokens that fit the language.

French and English: words without accents, stemmed. Korean: two-character runs of each word after its ending and its
particle are taken off. Measured on Belebele's Korean questions, before endings were taken off too (244, fused with the
encoder, mean reciprocal rank): plain two-character runs 0.908, without particles 0.916, Kiwi's morphemes 0.916, both
together 0.917. Kiwi costs 105 MB on disk, 3 s at start and some 300 MB of memory for no gain once fused, so it is left
out.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from askmission.moments import without_moments
from askmission.text import fold, squeeze
from askmission.words import words_of

_RUN = re.compile(r"[가-힣]+|[^\W_가-힣]+")
_PARTICLE = re.compile(
    "(?:에서는|에게서|으로는|으로서|으로써|이라는|에서|에게|으로|까지|부터|처럼|보다|이나|이란|라는|라고|이며|에는|에도"
    "|은요|는요|와의|과의|로는|께서|들은|들이|들의|들을|은|는|이|가|을|를|의|에|로|와|과|도|만|인|란|나)$"
)
_ENDING = re.compile(
    "(?:이었|였|하였|되었|했|됐|었|았|하|되|이)?"
    "(?:나요|습니까|니까|까요|는지요?|는가요?|은가요?|던가요?|인가요?|인지|입니까|죠|지요|어요|아요|예요|에요|세요|려고|려는|려면|는|던|고|며|면서|여|"
    "서|ㄴ|다|음|했음|함)$|(?:했던|했다|했음|함|한|할|해|된|될|됨|임|였음|한다|된다|하여|하다|되다)$"
)
_CLAUSE_END = re.compile(r"(?<=[,;:.!?…~])\s")
_HONORIFIC = re.compile("(?<!하[나느])님(?:께서)?$")
_SNOWBALL = {"fr": "french", "en": "english"}


def tokens(text: str, language: str) -> list[str]:
    """Return the terms of `text` read as `language`, in order, repeated as they stand."""
    terms: list[str] = []
    for run in _RUN.findall(fold(text)):
        if "가" <= run[0] <= "힣":
            terms.extend(_syllables(run))
        elif language in _SNOWBALL:
            terms.append(_stemmer(language).stemWord(run))
        else:
            terms.append(run)
    return terms


def content_tokens(text: str, language: str) -> list[str]:
    """Return the terms of a question that say what it is about.

    The words that merely ask, join or are polite are left out, and so are days and parts of the day: `moments` sees to
    them.
    """
    return tokens(" ".join(content_words(text, language)), language)


def content_words(text: str, language: str) -> list[str]:
    """Return the words of a question that say what it is about, folded, in order."""
    stop = _stop_words(language)
    runs = _RUN.findall(without_moments(without_courtesy(text, language)))
    return [run for run in runs if run not in stop and bare_word(run) not in stop]


def without_courtesy(text: str, language: str) -> str:
    """Return `text` without the greetings, thanks and requests at both ends of its clauses; if it is no more, itself.

    Only there: elsewhere "what do visitors like?" and "whom did she thank?" are about such words.
    """
    folded = [fold(char) for char in text]
    places = [place for place, char in enumerate(folded) for _ in char] + [len(text)]
    kept, at = "", 0
    for found in _courtesy(language).finditer(_CLAUSE_END.sub("\n", "".join(folded))):
        kept += text[at : places[found.start()]]
        at = places[found.end()]
    kept += text[at:]
    return squeeze(kept) if _RUN.search(kept) else text


class LexicalIndex:
    """BM25 (Lucene's variant, k1 = 1.5, b = 0.75: Robertson and Zaragoza, 2009) over some of the passages."""

    def __init__(self, model: Any, rows: NDArray[np.int64]) -> None:
        self._model = model
        self.rows = rows
        self._vocabulary = frozenset(model.vocab_dict) if model is not None else frozenset[str]()

    @classmethod
    def build(cls, texts: Sequence[str], rows: Sequence[int], language: str) -> "LexicalIndex":
        """Index `texts`; `rows` gives the passage number of each."""
        import bm25s

        terms = [tokens(text, language) for text in texts]
        if not any(terms):
            return cls(None, np.zeros(0, np.int64))
        model = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
        model.index(terms, show_progress=False)
        return cls(model, np.asarray(rows, np.int64))

    def save(self, folder: Path) -> None:
        """Write the index into `folder`, which is made."""
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "rows.npy", self.rows, allow_pickle=False)
        if self._model is not None:
            self._model.save(str(folder), show_progress=False)

    @classmethod
    def load(cls, folder: Path) -> "LexicalIndex":
        """Read what `save` wrote."""
        import bm25s

        rows = np.load(folder / "rows.npy", allow_pickle=False)
        return cls(bm25s.BM25.load(str(folder)) if len(rows) else None, rows)

    def scores(self, terms: Iterable[str]) -> NDArray[np.float32]:
        """Return the score of each indexed passage, aligned with `rows`; terms that stand nowhere count nothing."""
        known = [term for term in terms if term in self._vocabulary]
        if not known:
            return np.zeros(len(self.rows), np.float32)
        return np.asarray(self._model.get_scores(known), np.float32)

    def bound(self, terms: Iterable[str]) -> float:
        """Return what a text that is full of all `terms` would score: the sum of their inverse document frequencies."""
        count = len(self.rows)
        return float(sum(np.log(1 + (count - seen + 0.5) / (seen + 0.5)) for seen in map(self._seen, terms)))

    def weight(self, term: str) -> float:
        """Return how much `term` tells, from 0 to 1: its inverse document frequency over that of an unseen term."""
        count = len(self.rows)
        if not count:
            return 1.0
        return float(np.log((count + 1) / (self._seen(term) + 0.5)) / np.log((count + 1) / 0.5))

    def _seen(self, term: str) -> int:
        """Return how many passages hold `term`."""
        if term not in self._vocabulary:
            return 0
        place, starts = self._model.vocab_dict[term], self._model.scores["indptr"]
        return int(starts[place + 1] - starts[place])

    def knows(self, term: str) -> bool:
        """Return whether `term` stands in any of the passages."""
        return term in self._vocabulary


def bare_word(run: str) -> str:
    """Return a Korean word of three syllables or more without ending, particle and honorific; another as it is."""
    if not "가" <= run[0] <= "힣":
        return run
    for suffix in (_ENDING, _PARTICLE, _HONORIFIC):
        if len(run) > 2:
            run = suffix.sub("", run) or run
    return run


def _syllables(run: str) -> list[str]:
    run = bare_word(run)
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


@cache
def _stemmer(language: str) -> Any:
    import Stemmer

    return Stemmer.Stemmer(_SNOWBALL[language])


@cache
def _courtesy(language: str) -> re.Pattern[str]:
    """Return what a polite beginning or end of a line looks like, folded."""
    talk = words_of(language).small_talk
    before, after = ("|".join(f"(?:{each.pattern})" for each in talk[end]) for end in ("before", "after"))
    return re.compile(rf"^(?:\W*(?:{before})(?!\w))+(?:\W*$)?|(?:(?<!\w)(?:{after})(?!\w)\W*)+$", re.MULTILINE)


@cache
def _stop_words(language: str) -> frozenset[str]:
    from bm25s import stopwords

    listed = {"fr": stopwords.STOPWORDS_FRENCH, "en": stopwords.STOPWORDS_EN_PLUS, "ko": stopwords.STOPWORDS_KOREAN}
    words = [*listed[language], *words_of(language).stop]
    return frozenset(run for word in words for run in _RUN.findall(fold(word)))


def is_stop_word(word: str, language: str) -> bool:
    """Return whether `word`, folded, merely asks or joins in `language`."""
    return word in _stop_words(language)
