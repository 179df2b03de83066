"""The lexical index: BM25 over the views of one language, with tokens that fit the language.

French and English: words without accents, stemmed. Korean: two-character runs of each word after its particle is taken
off. Measured on Belebele's Korean questions (244, fused with the encoder, mean reciprocal rank): plain two-character
runs 0.908, without particles 0.916, Kiwi's morphemes 0.916, both together 0.917. Kiwi costs 105 MB on disk, 3 s at
start and some 300 MB of memory for no gain once fused, so it is left out.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from askmission.moments import without_moments
from askmission.text import fold

_RUN = re.compile(r"[가-힣]+|[^\W_가-힣]+")
_PARTICLE = re.compile(
    "(?:에서는|에게서|으로는|으로서|으로써|이라는|에서|에게|으로|까지|부터|처럼|보다|이나|이란|라는|라고|이며|에는|에도"
    "|와의|과의|로는|께서|들은|들이|들의|들을|은|는|이|가|을|를|의|에|로|와|과|도|만|인|란|나)$"
)
_ENDING = re.compile(
    "(?:이었|였|하였|되었|했|됐|었|았|하|되|이)?"
    "(?:나요|습니까|니까|까요|는지요?|는가요?|은가요?|던가요?|인가요?|인지|입니까|죠|지요|어요|아요|예요|에요|세요|려고|려는|려면|는|던|고|며|면서|여|"
    "서|ㄴ|다|음|했음|함)$|(?:했던|했다|했음|함|한|할|해|된|될|됨|임|였음|한다|된다|하여|하다|되다)$"
)
_SNOWBALL = {"fr": "french", "en": "english"}
# Words that ask or request rather than say, beside the usual stop words; they weigh nothing in what a passage must hold.
_ASKING = {
    "fr": "quand combien quel quelle quels quelles comment pourquoi où quoi depuis lequel laquelle lesquels lesquelles "
    "dont cela ça ceci cette cet dit dire parle parler parlez dites explique expliquez donne donnez liste moi peux peut "
    "pouvez savoir connaître svp merci bonjour rapport",
    "en": "tell give list explain say says said know please thanks hello could would may might also report",
    "ko": "무엇 무슨 누구 누가 언제 어디 어느 어떤 어떻게 왜 얼마 얼마나 몇 있나요 있습니까 있는지 인가요 입니까 하나요 "
    "했나요 합니까 했습니까 되나요 됩니까 무엇인가요 무엇입니까 누구인가요 누구입니까 언제인가요 어디인가요 알려 주세요 "
    "알려주세요 말해 설명해 대해 대한 대해서 관해 관한 그리고 그럼 또 및 수 것 등 보고서 되 하 있 없 무엇이 누가 뭐 뭘 어떻 "
    "인가 인지 무엇인",
}


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

    The words that merely ask or join are left out, and so are days and parts of the day: `moments` sees to them.
    """
    stop = _stop_words(language)
    text = without_moments(text)
    runs = [run for run in _RUN.findall(fold(text)) if run not in stop and _bare(run) not in stop]
    return tokens(" ".join(runs), language)


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

    def weight(self, term: str) -> float:
        """Return how much `term` tells, from 0 to 1: its inverse document frequency over that of a term seen nowhere."""
        count = len(self.rows)
        if not count:
            return 1.0
        seen = 0
        if term in self._vocabulary:
            place, starts = self._model.vocab_dict[term], self._model.scores["indptr"]
            seen = int(starts[place + 1] - starts[place])
        return float(np.log((count + 1) / (seen + 0.5)) / np.log((count + 1) / 0.5))

    def knows(self, term: str) -> bool:
        """Return whether `term` stands in any of the passages."""
        return term in self._vocabulary


def _bare(run: str) -> str:
    """Return a Korean word of three syllables or more without its ending and particle; another word as it is."""
    if not "가" <= run[0] <= "힣":
        return run
    for suffix in (_ENDING, _PARTICLE):
        if len(run) > 2:
            run = suffix.sub("", run) or run
    return run


def _syllables(run: str) -> list[str]:
    run = _bare(run)
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


@cache
def _stemmer(language: str) -> Any:
    import Stemmer

    return Stemmer.Stemmer(_SNOWBALL[language])


@cache
def _stop_words(language: str) -> frozenset[str]:
    from bm25s import stopwords

    listed = {"fr": stopwords.STOPWORDS_FRENCH, "en": stopwords.STOPWORDS_EN_PLUS, "ko": stopwords.STOPWORDS_KOREAN}
    words = [*listed[language], *_ASKING[language].split()]
    return frozenset(run for word in words for run in _RUN.findall(fold(word)))


def is_stop_word(word: str, language: str) -> bool:
    """Return whether `word`, folded, merely asks or joins in `language`."""
    return word in _stop_words(language)
