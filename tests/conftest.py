"""What the tests share: a stand-in for the encoder, two tiny invented missions, and assistants over them."""

import re
import shutil
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from askmission import Assistant
from askmission.encoder import EMBEDDED, Encoded, Encoder, Vectors, open_encoder
from askmission.index import build
from askmission.missions import MissionFolder, open_corpus
from askmission.text import fold

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "corpus"
TINY = Path(__file__).parent / "data" / "corpus"
KOREAN, ENGLISH = "2023-05-breval", "2022-10-tallow"


class HashingEncoder:
    """Words and runs of three letters, hashed: texts that share them are near each other, in one language only.

    Like those of the taught encoder's tokens, its similarities lie above some 0.25, so that what was fitted to it makes
    sense of them.
    """

    name = "hashing"
    dimension = 257
    COMMON = 0.25

    def __init__(self) -> None:
        self.seen: list[str] = []
        """The documents encoded so far."""

    def queries(self, texts: Sequence[str]) -> list[Encoded]:
        return [self._encoded(text) for text in texts]

    def documents(self, texts: Sequence[str]) -> list[Encoded]:
        self.seen += texts
        return self.queries(texts)

    def _encoded(self, text: str) -> Encoded:
        words = list(re.finditer(r"\w+", text))
        tokens = np.array([self._vector(word.group()) for word in words], np.float32).reshape(-1, self.dimension)
        spans = np.array([word.span() for word in words], np.int64).reshape(-1, 2)
        return Encoded(self._vector(text), tokens, spans)

    def _vector(self, text: str) -> Vectors:
        vector = np.zeros(self.dimension - 1, np.float32)
        for word in re.findall(r"\w+", fold(text)):
            for piece in (word, *(word[at : at + 3] for at in range(len(word) - 2)), *word[:2].split()):
                code = zlib.crc32(piece.encode())
                vector[code % len(vector)] += 1 if code & 1 << 20 else -1
        length = float(np.linalg.norm(vector)) or 1.0
        own = vector * np.float32((1 - self.COMMON) ** 0.5 / length)
        whole = np.append(own, np.float32(self.COMMON**0.5))
        return np.asarray(whole / np.linalg.norm(whole), np.float32)


@pytest.fixture
def hashing() -> HashingEncoder:
    return HashingEncoder()


@pytest.fixture
def tiny_corpus(tmp_path: Path) -> Path:
    """A corpus to do with as one likes: a Korean mission with French and English translations, and an English one."""
    return Path(shutil.copytree(TINY, tmp_path / "corpus"))


@pytest.fixture
def mission(tiny_corpus: Path) -> MissionFolder:
    """The tiny Korean mission, read."""
    return next(folder for folder in open_corpus(tiny_corpus) if folder.mission.id == KOREAN)


@pytest.fixture(scope="session")
def tiny_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the two tiny missions; not to be changed."""
    index = tmp_path_factory.mktemp("tiny") / "index"
    build(TINY, index, "hashing", lambda _: HashingEncoder())
    return index


@pytest.fixture(scope="session")
def tiny_assistant(tiny_index: Path) -> Assistant:
    """An assistant over the two tiny missions."""
    return Assistant.open(tiny_index, "hashing", lambda _: HashingEncoder())


@pytest.fixture
def assistant_over(tmp_path: Path) -> Callable[[Path], Assistant]:
    """Builds an assistant, with the stand-in encoder, over a corpus that a test has changed."""

    def opened(corpus: Path) -> Assistant:
        index = tmp_path / "index-of-its-own"
        build(corpus, index, "hashing", lambda _: HashingEncoder())
        return Assistant.open(index, "hashing", lambda _: HashingEncoder())

    return opened


@pytest.fixture(scope="session")
def real_encoder() -> Encoder:
    return open_encoder(EMBEDDED)


@pytest.fixture(scope="session")
def real_index(tmp_path_factory: pytest.TempPathFactory, real_encoder: Encoder) -> Path:
    """The index of the real corpus by the real encoder; not to be changed.

    What an index of before has encoded is taken over, so that only the first run on a machine takes long.
    """
    index = tmp_path_factory.mktemp("real") / "index"
    built = ROOT / "index"
    if (built / "current").exists():
        shutil.copytree(built, index)
    build(CORPUS, index, EMBEDDED, lambda _: real_encoder)
    return index


@pytest.fixture(scope="session")
def assistant(real_index: Path, real_encoder: Encoder) -> Assistant:
    """The assistant that people use: the real corpus and the real encoder."""
    return Assistant.open(real_index, EMBEDDED, lambda _: real_encoder)


@pytest.fixture
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    """No setting but those a test makes, and an empty folder to work in."""
    import os

    for name in list(os.environ):
        if name.upper().startswith("ASKMISSION_"):
            monkeypatch.delenv(name)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    yield monkeypatch
