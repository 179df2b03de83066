"""The index: built whole from the corpus beside the old one, switched to in one step, checked when it is opened.

`index/` holds one folder a build and `current`, which names the one in use:

    manifest.json    format, encoder, hashes of the corpus files it was built from and of its own files
    missions.json    what is known of each mission
    names.json       the names in all their spellings
    passages.jsonl   the passages with their views, in the corpus's order
    vectors.faiss    a vector for each view and each of its units (`rows_of` gives their order)
    tokens.npy       a vector for each token of the views, ready to be compared with a question's (`interaction`)
    below.npy        what the encoder's lower layers say of each of these tokens, if it tells, for the cross-encoder
    spans.npy        first and last of the tokens of each vector's text
    views.txt        the digest of each view's text, so that a later build can take its vectors over
    lexical/fr, …    a lexical index for each language
"""

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray
from pydantic import BaseModel, TypeAdapter, ValidationError

from askmission.encoder import BATCH, Encoded, Encoder, Vectors
from askmission.errors import CorpusError, IndexError_, IndexMissing, IndexStale
from askmission.interaction import TAUGHT, Interaction, interaction_of
from askmission.lexical import LexicalIndex
from askmission.missions import Mission, MissionFolder, open_corpus
from askmission.names import FILE as NAMES_FILE
from askmission.names import NAMES, Name, NameFinder, open_names
from askmission.reading import Passage, read_report
from askmission.text import LANGUAGES
from askmission.translations import open_translations
from askmission.views import View, views_of

FORMAT = 3
"""Raised whenever an index of before can no longer be read."""

CURRENT = "current"
VIEWS = "views.txt"
TOKENS = "tokens.npy"
BELOW = "below.npy"
SPANS = "spans.npy"
VECTORS = "vectors.faiss"
_BUILD = re.compile(r"\d{8}T\d{6}-")
"""How the folder of a build is called: whatever else lies beside it is not the program's to clear."""
SOURCES = ("mission.toml", "report.md", *(f"{language}.po" for language in LANGUAGES))
PROGRAM = (
    "embedded",
    "encoder",
    "index",
    "interaction",
    "lexical",
    "moments",
    "names",
    "reading",
    "text",
    "translations",
    "views",
    "words/__init__",
)
"""The modules that decide what an index holds: when one of them changes, the index is out of date."""

REBUILD = "Run 'askmission build'."

WINDOW = 800
"""A longer view, in characters, is encoded in windows of whole units: a model reads some 500 tokens at once."""

_SAYS = re.compile(r"[^\W\d_]{2,}")

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much."""


@dataclass(frozen=True)
class Entry:
    """A passage with its views by language, as the index keeps it; `names` are numbers of those it holds."""

    passage: Passage
    views: dict[str, View]
    names: tuple[int, ...] = ()


@dataclass(frozen=True)
class Row:
    """One vector: the view of a passage (`unit` is None), or one unit of that view."""

    entry: int
    language: str
    unit: int | None


class Manifest(BaseModel):
    """What an index was built from, and what it consists of."""

    format: int
    encoder: str
    dimension: int
    program: str
    built: datetime
    corpus: dict[str, str]
    files: dict[str, str]
    passages: int
    vectors: int


@dataclass(frozen=True)
class Index:
    """An index in memory.

    `rows[i]` tells what vector `i` of the store stands for, and `spans[i]`, shape (2,), from which row to before which
    of `tokens`, shape (tokens, dimension), its text reaches. `below` is of the same shape, or has no row where the
    encoder does not tell. Both stay on the disk until they are looked at.
    """

    manifest: Manifest
    missions: tuple[Mission, ...]
    names: tuple[Name, ...]
    entries: tuple[Entry, ...]
    rows: tuple[Row, ...]
    store: Any
    tokens: NDArray[np.float16]
    below: NDArray[np.float16]
    spans: NDArray[np.int64]
    lexical: dict[str, LexicalIndex]
    folder: Path


@dataclass(frozen=True)
class Built:
    """What a build did. `encoded` of the `vectors` were computed; the others were taken over."""

    passages: int
    vectors: int
    encoded: int
    changed: bool


_ENTRY: TypeAdapter[Entry] = TypeAdapter(Entry)
_MISSIONS: TypeAdapter[tuple[Mission, ...]] = TypeAdapter(tuple[Mission, ...])


def build(
    corpus: Path,
    index: Path,
    encoder_name: str,
    open_encoder: Callable[[str], Encoder],
    progress: Progress = lambda _what, _done, _of: None,
) -> Built:
    """Build the index of `corpus` into `index` and switch to it; do nothing if the present one is current.

    The encoder is opened only when a text has no vector yet. Raises `CorpusError` if the corpus cannot be used,
    `EncoderError` if the encoder cannot be loaded, and `IndexError_` if the index cannot be written; whichever, the
    old index goes on serving.
    """
    folders = open_corpus(corpus)
    hashes = corpus_hashes(corpus, folders)
    try:
        index.mkdir(parents=True, exist_ok=True)
        with FileLock(index / "build.lock").acquire(timeout=0):
            manifest = _whole_manifest(index, encoder_name)
            if manifest and manifest.corpus == hashes:
                return Built(manifest.passages, manifest.vectors, 0, changed=False)
            known = _known_views(index, encoder_name)
            contents = _read(folders, open_names(corpus), progress)
            if not contents.rows:
                raise CorpusError(
                    f"{corpus}: nothing in it is searched. Take a heading out of a mission's 'unsearched'."
                )
            views, encoded = _encode(contents.views, known, lambda: open_encoder(encoder_name), progress)
            _publish(index, encoder_name, hashes, contents, views)
            return Built(len(contents.entries), len(contents.rows), encoded, changed=True)
    except Timeout as error:
        raise IndexError_(f"{index}: another build is under way. Wait for it to end.") from error
    except OSError as error:
        raise IndexError_(
            f"{index}: the index cannot be written ({error.strerror}). Make room or set ASKMISSION_INDEX; "
            "the old index is untouched."
        ) from error


def is_current(corpus: Path, index: Path, encoder_name: str) -> bool:
    """Return whether the index is whole and was built from the corpus as it is now, by that encoder."""
    manifest = _whole_manifest(index, encoder_name)
    return manifest is not None and manifest.corpus == corpus_hashes(corpus, open_corpus(corpus))


def corpus_hashes(corpus: Path, folders: Sequence[MissionFolder]) -> dict[str, str]:
    """Return the SHA-256 of every file that an index depends on, by its path below `corpus`."""
    paths = [corpus / NAMES_FILE, *(folder.folder / name for folder in folders for name in SOURCES)]
    return {path.relative_to(corpus).as_posix(): _sha256(path) for path in paths if path.exists()}


def open_index(index: Path, encoder_name: str) -> Index:
    """Open the index in use.

    Raises `IndexMissing` if there is none, `IndexStale` if it is of another format or encoder, and `IndexError_` if it
    is damaged.
    """
    folder = _current(index)
    manifest = _open_manifest(folder, encoder_name)
    if manifest.program != _program():
        raise IndexStale(f"{folder}: built by another version of the program. {REBUILD}")
    _check_files(folder, manifest)
    from llama_index.vector_stores.faiss import FaissVectorStore

    entries = tuple(map(_ENTRY.validate_json, (folder / "passages.jsonl").read_text("utf-8").splitlines()))
    rows = tuple(rows_of(entries))
    _one_thread()
    store = FaissVectorStore.from_persist_path(str(folder / VECTORS))
    return Index(
        manifest=manifest,
        missions=_MISSIONS.validate_json((folder / "missions.json").read_bytes()),
        names=NAMES.validate_json((folder / "names.json").read_bytes()),
        entries=entries,
        rows=rows,
        store=store,
        tokens=np.load(folder / TOKENS, mmap_mode="r"),
        below=np.load(folder / BELOW, mmap_mode="r"),
        spans=np.load(folder / SPANS),
        lexical={language: LexicalIndex.load(folder / "lexical" / language) for language in LANGUAGES},
        folder=folder,
    )


def rows_of(entries: Sequence[Entry]) -> Iterator[Row]:
    """Yield what has a vector, in the store's order: each view of a searched passage, then its units.

    A unit without words (an hour) says nothing alone.
    """
    for number, entry in enumerate(entries):
        if entry.passage.searched:
            for language, view in entry.views.items():
                yield Row(number, language, None)
                yield from (Row(number, language, unit) for unit in _units_of(view))


def _units_of(view: View) -> list[int]:
    return [number for number, text in enumerate(view.units) if _SAYS.search(text)]


@dataclass(frozen=True)
class _Contents:
    """What an index is to hold, but for its vectors."""

    missions: tuple[Mission, ...]
    names: tuple[Name, ...]
    entries: tuple[Entry, ...]
    rows: tuple[Row, ...]

    @property
    def views(self) -> list[View]:
        return [self.entries[row.entry].views[row.language] for row in self.rows if row.unit is None]


class _Encoded(NamedTuple):
    """What is computed of one view: the vectors of its rows, its tokens twice, and the span of each row among these."""

    vectors: Vectors
    tokens: NDArray[np.float16]
    below: NDArray[np.float16]
    spans: NDArray[np.int64]


def _read(folders: Sequence[MissionFolder], names: tuple[Name, ...], progress: Progress) -> _Contents:
    entries: list[Entry] = []
    finder = NameFinder(names)
    for number, folder in enumerate(folders):
        progress("reading", number, len(folders))
        translations = open_translations(folder)
        for passage in read_report(folder):
            views = views_of(passage, translations.values())
            entries.append(Entry(passage, views, finder.numbers_within(view.named for view in views.values())))
    return _Contents(tuple(f.mission for f in folders), names, tuple(entries), tuple(rows_of(entries)))


def _encode(
    views: Sequence[View], known: dict[str, _Encoded], open_encoder: Callable[[], Encoder], progress: Progress
) -> tuple[list[_Encoded], int]:
    """Return the views encoded, and how many of their vectors had to be computed."""
    digests = list(map(_digest, views))
    missing = {digest: view for digest, view in zip(digests, views, strict=True) if digest not in known}
    computed = 0
    if missing:
        encoder = open_encoder()
        interaction = interaction_of(encoder.name)
        waiting = sorted(missing.items(), key=lambda item: len(item[1].text))  # a batch is as long as its longest
        for start in range(0, len(waiting), BATCH):
            progress("encoding", start, len(waiting))
            batch = waiting[start : start + BATCH]
            texts = [list(windows(view)) for _, view in batch]
            read = iter(encoder.documents([window.text for each in texts for window in each]))
            for (digest, view), each in zip(batch, texts, strict=True):
                known[digest] = _of_view(view, each, [next(read) for _ in each], interaction)
                computed += len(known[digest].vectors)
        progress("encoding", len(waiting), len(waiting))
    return [known[digest] for digest in digests], computed


class Window(NamedTuple):
    """A text to encode: units below their heading, and where each stands in it, in characters."""

    text: str
    units: dict[int, tuple[int, int]]


def windows(view: View) -> Iterator[Window]:
    """Yield the view's text, in windows of whole units if it is long."""
    head = f"{view.heading}. " if view.heading else ""
    text, units = head, dict[int, tuple[int, int]]()
    for number, words in enumerate(view.units):
        if units and len(text) + len(words) > WINDOW:
            yield Window(text.rstrip(), units)
            text, units = head, {}
        units[number] = (len(text), len(text) + len(words))
        text += f"{words} "
    yield Window(text.rstrip(), units)


def _of_view(view: View, texts: Sequence[Window], read: Sequence[Encoded], interaction: Interaction) -> _Encoded:
    """Return the vectors of a view and of its units: a unit's is the mean of its tokens, as they stand in the view."""
    places: dict[int, tuple[int, int]] = {}
    before = 0
    for window, each in zip(texts, read, strict=True):
        ends = each.spans[:, 1]
        for unit, (start, end) in window.units.items():
            first, last = np.searchsorted(ends, [start, end], "right")
            places[unit] = (before + int(first), before + int(last))
        before += len(each.spans)
    states = np.concatenate([each.tokens for each in read])
    spans = [(0, before), *(places[unit] for unit in _units_of(view))]
    whole = np.mean([each.vector for each in read], axis=0)
    means = [states[first:last].mean(0) if first < last else whole for first, last in spans[1:]]
    vectors = np.array([whole, *means], np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    below = np.concatenate([states[:0] if each.below is None else each.below for each in read])
    tokens = interaction.documents(states)
    return _Encoded(vectors, tokens.astype(np.float16), below.astype(np.float16), np.array(spans, np.int64))


def _publish(
    index: Path, encoder_name: str, hashes: dict[str, str], contents: _Contents, views: list[_Encoded]
) -> None:
    """Write an index beside the one in use, and switch to it."""
    before = _current_name(index)
    work = Path(tempfile.mkdtemp(prefix=f"{datetime.now(UTC):%Y%m%dT%H%M%S}-", dir=index))
    work.chmod(0o755)  # a temporary folder is its maker's alone; whoever serves the index must read it
    try:
        _write(work, contents, views)
        manifest = Manifest(
            format=FORMAT,
            encoder=encoder_name,
            dimension=views[0].vectors.shape[1],
            program=_program(),
            built=datetime.now(UTC),
            corpus=hashes,
            files={p.relative_to(work).as_posix(): _sha256(p) for p in sorted(work.rglob("*")) if p.is_file()},
            passages=len(contents.entries),
            vectors=len(contents.rows),
        )
        (work / "manifest.json").write_text(manifest.model_dump_json(indent=2) + "\n", "utf-8")
        _switch(index, work.name)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    for folder in index.iterdir():  # the one just left stays, for those who are opening it
        if folder.is_dir() and _BUILD.match(folder.name) and folder.name not in {work.name, before}:
            shutil.rmtree(folder, ignore_errors=True)


def _write(work: Path, contents: _Contents, views: list[_Encoded]) -> None:
    import faiss
    from llama_index.vector_stores.faiss import FaissVectorStore

    (work / "missions.json").write_bytes(_MISSIONS.dump_json(contents.missions, indent=2))
    (work / "names.json").write_bytes(NAMES.dump_json(contents.names))
    with (work / "passages.jsonl").open("wb") as file:
        file.writelines(_ENTRY.dump_json(entry) + b"\n" for entry in contents.entries)
    lines = (f"{_digest(view)} {len(own.vectors)}\n" for view, own in zip(contents.views, views, strict=True))
    (work / VIEWS).write_text("".join(lines), "utf-8")
    vectors = np.concatenate([view.vectors for view in views])
    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(vectors)
    starts = np.cumsum([0, *(len(view.tokens) for view in views[:-1])])
    np.save(work / SPANS, np.concatenate([view.spans + start for view, start in zip(views, starts, strict=True)]))
    np.save(work / TOKENS, np.concatenate([view.tokens for view in views]))
    np.save(work / BELOW, np.concatenate([view.below for view in views]))
    FaissVectorStore(faiss_index=flat).persist(str(work / VECTORS))
    for language in LANGUAGES:
        seen = [row for row in contents.rows if row.unit is None and row.language == language]
        texts = [contents.entries[row.entry].views[language].named for row in seen]
        lexical = LexicalIndex.build(texts, [row.entry for row in seen], language)
        lexical.save(work / "lexical" / language)


def _known_views(index: Path, encoder_name: str) -> dict[str, _Encoded]:
    """Return what the present index has computed, by the digest of the view; nothing of another program's."""
    import faiss

    try:
        folder = _current(index)
        manifest = _open_manifest(folder, encoder_name)
        _check_files(folder, manifest)
    except IndexError_:
        return {}
    if manifest.program != _program():
        return {}
    store = faiss.read_index(str(folder / VECTORS))
    vectors, spans = store.reconstruct_n(0, store.ntotal), np.load(folder / SPANS)
    tokens, below = (np.load(folder / name, mmap_mode="r") for name in (TOKENS, BELOW))
    known, row = {}, 0
    for line in (folder / VIEWS).read_text("utf-8").splitlines():
        digest, count = line.split()
        own = slice(row, row + int(count))
        first, last = spans[row]
        of_tokens = np.array(tokens[first:last]), np.array(below[first:last])
        known[digest] = _Encoded(vectors[own], *of_tokens, spans[own] - first)
        row += int(count)
    return known


def _whole_manifest(index: Path, encoder_name: str) -> Manifest | None:
    """Return the manifest of the present index if that is whole and of this program and encoder."""
    try:
        folder = _current(index)
        manifest = _open_manifest(folder, encoder_name)
        _check_files(folder, manifest)
    except IndexError_:
        return None
    return manifest if manifest.program == _program() else None


def _check_files(folder: Path, manifest: Manifest) -> None:
    for name, digest in manifest.files.items():
        path = folder / name
        if not path.exists() or _sha256(path) != digest:
            raise IndexError_(f"{path}: missing or damaged. {REBUILD}")


def _switch(index: Path, name: str) -> None:
    """Make `name` the index in use, in one step that survives a loss of power."""
    draft = index / f"{CURRENT}.new"
    try:
        with draft.open("w", encoding="utf-8") as file:
            file.write(name + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(index / CURRENT)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _current_name(index: Path) -> str | None:
    try:
        return (index / CURRENT).read_text("utf-8").strip()
    except OSError:
        return None


def _current(index: Path) -> Path:
    name = _current_name(index)
    if not name:
        raise IndexMissing(f"{index}: no index here yet. {REBUILD}")
    return index / name


def _open_manifest(folder: Path, encoder_name: str) -> Manifest:
    path = folder / "manifest.json"
    try:
        raw = json.loads(path.read_bytes())
        if not isinstance(raw, dict) or raw.get("format") != FORMAT:
            found = raw.get("format") if isinstance(raw, dict) else None
            raise IndexStale(f"{path}: format {found}, this program reads format {FORMAT}. {REBUILD}")
        manifest = Manifest.model_validate(raw)
    except OSError as error:
        raise IndexMissing(f"{path}: cannot be read ({error.strerror}). {REBUILD}") from error
    except (ValueError, ValidationError) as error:
        raise IndexError_(f"{path}: damaged. {REBUILD}") from error
    if manifest.encoder != encoder_name:
        raise IndexStale(
            f"{path}: built with encoder '{manifest.encoder}', the setting says '{encoder_name}'. {REBUILD}"
        )
    return manifest


@cache
def _program() -> str:
    """Return a digest of the modules that decide what an index holds, of their words and of what was fitted.

    As they were when it was first asked for: a process that goes on after an upgrade takes no index of the new program.
    """
    home = Path(__file__).parent
    paths = [home / f"{name}.py" for name in PROGRAM] + sorted((home / "words").glob("*.toml"))
    paths += [home / name for name in TAUGHT]
    return hashlib.sha256("".join(map(_sha256, paths)).encode()).hexdigest()


def _digest(view: View) -> str:
    """Return what tells a view's text, and how it is cut into units, from any other."""
    return hashlib.sha256("\x1f".join([view.heading, *view.units]).encode()).hexdigest()[:32]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _one_thread() -> None:
    """Hold FAISS to one thread: at these sizes it is faster, and the answer is always the same."""
    import faiss

    faiss.omp_set_num_threads(1)
