"""The index: built beside the old one, switched to in one step, and never opened if it does not fit."""

import errno
import json
import os
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from askmission.encoder import Vectors
from askmission.errors import AskMissionError, CorpusError, IndexError_, IndexMissing, IndexStale
from askmission.index import Built, Index, _program, build, is_current, open_index
from askmission.lexical import LexicalIndex
from conftest import ENGLISH, KOREAN, TINY, HashingEncoder


@pytest.fixture
def index(tmp_path: Path, tiny_index: Path) -> Path:
    """An index to do with as one likes."""
    return Path(shutil.copytree(tiny_index, tmp_path / "index"))


def current(index: Path) -> Path:
    return index / (index / "current").read_text("utf-8").strip()


def contents(index: Path) -> dict[str, bytes]:
    """Return every file below an index but the lock."""
    paths = sorted(path for path in index.rglob("*") if path.is_file() and path.name != "build.lock")
    return {path.relative_to(index).as_posix(): path.read_bytes() for path in paths}


def rebuild(corpus: Path, index: Path, encoder: HashingEncoder) -> Built:
    return build(corpus, index, "hashing", lambda _: encoder)


def vectors(index: Index) -> Vectors:
    store = index.store.client
    return np.asarray(store.reconstruct_n(0, store.ntotal), np.float32)


def edit(corpus: Path, old: str, new: str) -> None:
    path = corpus / KOREAN / "report.md"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def one_line(error: BaseException) -> str:
    line = str(error)
    assert line
    assert "\n" not in line
    return line


def edit_manifest(index: Path, **changes: object) -> None:
    path = current(index) / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_bytes()), **changes}), "utf-8")


# What does not fit is not opened


def test_an_index_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="askmission build") as caught:
        open_index(tmp_path / "index", "hashing")
    assert str(tmp_path / "index") in one_line(caught.value)
    assert not (tmp_path / "index").exists()


def test_an_index_whose_build_is_gone_is_missing(index: Path) -> None:
    shutil.rmtree(current(index))
    with pytest.raises(IndexError_, match="askmission build"):
        open_index(index, "hashing")
    assert not is_current(TINY, index, "hashing")


@pytest.mark.parametrize(
    "file",
    [
        "vectors.faiss",
        "tokens.npy",
        "spans.npy",
        "passages.jsonl",
        "missions.json",
        "names.json",
        "lexical/ko/rows.npy",
    ],
)
def test_a_file_cut_short_is_named(index: Path, file: str) -> None:
    path = current(index) / file
    raw = path.read_bytes()
    path.write_bytes(raw[: len(raw) // 2])
    with pytest.raises(IndexError_, match=r"damaged.*askmission build") as caught:
        open_index(index, "hashing")
    assert str(path) in one_line(caught.value)


def test_a_file_that_is_gone_is_named(index: Path) -> None:
    (current(index) / "vectors.faiss").unlink()
    with pytest.raises(IndexError_, match=r"vectors\.faiss.*askmission build"):
        open_index(index, "hashing")


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"\xff\xfe", b'{"format": 1}', b"null"])
def test_a_manifest_that_is_damaged_is_named(index: Path, raw: bytes) -> None:
    (current(index) / "manifest.json").write_bytes(raw)
    with pytest.raises(IndexError_, match=r"manifest\.json.*askmission build") as caught:
        open_index(index, "hashing")
    one_line(caught.value)
    assert not is_current(TINY, index, "hashing")


def test_an_index_of_another_format_is_stale(index: Path) -> None:
    edit_manifest(index, format=0)
    with pytest.raises(IndexStale, match="format 0"):
        open_index(index, "hashing")
    assert not is_current(TINY, index, "hashing")


def test_an_index_by_another_encoder_is_stale(index: Path) -> None:
    with pytest.raises(IndexStale, match=r"'hashing'.*'BAAI/bge-m3'"):
        open_index(index, "BAAI/bge-m3")
    assert not is_current(TINY, index, "BAAI/bge-m3")


def test_an_index_of_a_corpus_that_has_changed_is_not_current(index: Path, tiny_corpus: Path) -> None:
    assert is_current(tiny_corpus, index, "hashing")
    edit(tiny_corpus, "1847년", "1848년")
    assert not is_current(tiny_corpus, index, "hashing")
    assert open_index(index, "hashing").entries


@pytest.mark.parametrize("file", [f"{KOREAN}/fr.po", f"{KOREAN}/mission.toml", "names.toml"])
def test_an_index_is_out_of_date_when_any_file_it_needs_changes(index: Path, tiny_corpus: Path, file: str) -> None:
    with (tiny_corpus / file).open("a", encoding="utf-8") as opened:
        opened.write("\n# changed\n")
    assert not is_current(tiny_corpus, index, "hashing")


def test_a_damaged_index_is_mended_by_building(index: Path, tiny_corpus: Path, hashing: HashingEncoder) -> None:
    (current(index) / "vectors.faiss").write_bytes(b"cut")
    assert rebuild(tiny_corpus, index, hashing).changed
    assert open_index(index, "hashing").entries


# What is computed


def test_a_first_build_encodes_everything(tiny_corpus: Path, tmp_path: Path, hashing: HashingEncoder) -> None:
    built = rebuild(tiny_corpus, tmp_path / "index", hashing)
    assert built.changed
    assert 0 < built.encoded <= built.vectors
    assert 0 < len(hashing.seen) == len(set(hashing.seen))


def test_a_build_of_an_unchanged_corpus_encodes_nothing_and_leaves_the_index_alone(
    index: Path, tiny_corpus: Path
) -> None:
    def never(_: str) -> HashingEncoder:
        raise AssertionError("the encoder was loaded")

    before = contents(index)
    built = build(tiny_corpus, index, "hashing", never)
    assert (built.encoded, built.changed) == (0, False)
    assert contents(index) == before


def test_a_changed_paragraph_encodes_only_its_own_texts(
    index: Path, tiny_corpus: Path, hashing: HashingEncoder
) -> None:
    edit(tiny_corpus, "1847년에 세워졌습니다", "1848년에 세워졌습니다")
    built = rebuild(tiny_corpus, index, hashing)
    assert 0 < built.encoded < built.vectors
    assert hashing.seen
    # The paragraph in Korean and, for want of a translation now, in its other views.
    assert all("1848년에 세워졌습니다" in text for text in hashing.seen)


def test_vectors_taken_over_are_those_of_a_fresh_build(
    index: Path, tiny_corpus: Path, tmp_path: Path, hashing: HashingEncoder
) -> None:
    edit(tiny_corpus, "1847년에", "1848년에")
    rebuild(tiny_corpus, index, hashing)
    rebuild(tiny_corpus, tmp_path / "fresh", HashingEncoder())
    over, fresh = open_index(index, "hashing"), open_index(tmp_path / "fresh", "hashing")
    assert over.rows == fresh.rows
    assert over.entries == fresh.entries
    assert (vectors(over) == vectors(fresh)).all()


def test_the_same_corpus_gives_the_same_index_twice(tiny_corpus: Path, tmp_path: Path) -> None:
    built = []
    for name in ("one", "two"):
        rebuild(tiny_corpus, tmp_path / name, HashingEncoder())
        files = contents(current(tmp_path / name))
        built.append({file: raw for file, raw in files.items() if file != "manifest.json"})
    assert built[0] == built[1]


def test_a_mission_taken_away_is_found_no_longer(index: Path, tiny_corpus: Path, hashing: HashingEncoder) -> None:
    shutil.rmtree(tiny_corpus / KOREAN)
    built = rebuild(tiny_corpus, index, hashing)
    assert built.encoded == 0
    assert {entry.passage.mission for entry in open_index(index, "hashing").entries} == {"2022-10-tallow"}


def test_every_vector_is_of_length_one_and_knows_its_passage(tiny_index: Path) -> None:
    index = open_index(tiny_index, "hashing")
    stored = vectors(index)
    assert stored.shape == (len(index.rows), HashingEncoder.dimension)
    assert abs((stored**2).sum(axis=1) - 1).max() < 1e-5
    assert {row.entry for row in index.rows} == {n for n, e in enumerate(index.entries) if e.passage.searched}


# A build that fails


class Failing(HashingEncoder):
    """An encoder that gives up after some texts."""

    def documents(self, texts: Sequence[str]) -> Vectors:
        raise MemoryError(f"no memory for {len(texts)} texts")


def test_a_build_whose_encoder_fails_leaves_the_old_index_serving(index: Path, tiny_corpus: Path) -> None:
    before = contents(index)
    edit(tiny_corpus, "1847년에", "1848년에")
    with pytest.raises(MemoryError):
        rebuild(tiny_corpus, index, Failing())
    assert contents(index) == before
    assert open_index(index, "hashing").entries


def test_a_build_that_meets_a_broken_corpus_leaves_the_old_index_serving(index: Path, tiny_corpus: Path) -> None:
    before = contents(index)
    (tiny_corpus / KOREAN / "report.md").write_bytes(b"\xff")
    with pytest.raises(CorpusError):
        rebuild(tiny_corpus, index, HashingEncoder())
    assert contents(index) == before


def test_a_corpus_with_nothing_to_search_is_one_line(index: Path, tiny_corpus: Path, hashing: HashingEncoder) -> None:
    before = contents(index)
    shutil.rmtree(tiny_corpus / ENGLISH)
    title = (tiny_corpus / KOREAN / "report.md").read_text("utf-8").splitlines()[0].removeprefix("# ")
    path = tiny_corpus / KOREAN / "mission.toml"
    path.write_text(f'unsearched = ["{title}"]\n' + path.read_text("utf-8"), "utf-8")
    with pytest.raises(CorpusError, match="unsearched") as caught:
        rebuild(tiny_corpus, index, hashing)
    assert str(tiny_corpus) in one_line(caught.value)
    assert contents(index) == before


def test_a_full_disk_leaves_the_old_index_serving_and_no_litter(
    index: Path, tiny_corpus: Path, monkeypatch: pytest.MonkeyPatch, hashing: HashingEncoder
) -> None:
    before, folders = contents(index), sorted(path.name for path in index.iterdir() if path.is_dir())
    edit(tiny_corpus, "1847년에", "1848년에")

    def full(_self: LexicalIndex, _folder: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(LexicalIndex, "save", full)
    with pytest.raises(IndexError_, match="No space left on device") as caught:
        rebuild(tiny_corpus, index, hashing)
    assert "ASKMISSION_INDEX" in one_line(caught.value)
    assert contents(index) == before
    assert sorted(path.name for path in index.iterdir() if path.is_dir()) == folders


def test_a_build_stopped_at_the_switch_leaves_the_old_index_serving_and_no_litter(
    index: Path, tiny_corpus: Path, monkeypatch: pytest.MonkeyPatch, hashing: HashingEncoder
) -> None:
    before = contents(index)
    edit(tiny_corpus, "1847년에", "1848년에")

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        rebuild(tiny_corpus, index, hashing)
    monkeypatch.undo()
    assert contents(index) == before
    assert rebuild(tiny_corpus, index, hashing).changed


def test_what_a_killed_build_left_behind_is_cleared_by_the_next_but_one(
    index: Path, tiny_corpus: Path, hashing: HashingEncoder
) -> None:
    (index / "20200101T000000-killed").mkdir()
    (index / "20200101T000000-killed" / "vectors.faiss").write_bytes(b"half")
    assert open_index(index, "hashing").entries
    edit(tiny_corpus, "1847년에", "1848년에")
    rebuild(tiny_corpus, index, hashing)
    assert not (index / "20200101T000000-killed").exists()


def test_a_build_clears_nothing_but_what_builds_made(index: Path, tiny_corpus: Path, hashing: HashingEncoder) -> None:
    (index / "letters").mkdir()
    (index / "letters" / "to-the-mayor.txt").write_text("Dear Mayor", "utf-8")
    for old, new in (("1847년에", "1848년에"), ("1848년에", "1849년에")):
        edit(tiny_corpus, old, new)
        rebuild(tiny_corpus, index, hashing)
    assert (index / "letters" / "to-the-mayor.txt").exists()


def test_a_process_stays_with_the_program_that_it_has_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = _program()
    monkeypatch.setattr("askmission.index.TAUGHT", ("weights.toml",))  # another file stands for an upgraded one
    assert _program() == loaded


def test_a_folder_that_cannot_be_made_is_one_line(tiny_corpus: Path, tmp_path: Path, hashing: HashingEncoder) -> None:
    (tmp_path / "file").write_text("no folder", "utf-8")
    with pytest.raises(IndexError_, match="cannot be written"):
        rebuild(tiny_corpus, tmp_path / "file" / "index", hashing)


def test_a_corpus_that_cannot_be_used_makes_no_index_folder(tmp_path: Path, hashing: HashingEncoder) -> None:
    with pytest.raises(CorpusError):
        rebuild(tmp_path / "nowhere", tmp_path / "index", hashing)
    assert not (tmp_path / "index").exists()


# The switch


class Watching(HashingEncoder):
    """An encoder that looks at the index while it is being rebuilt."""

    def __init__(self, index: Path) -> None:
        super().__init__()
        self.index = index
        self.served: set[str] = set()

    def documents(self, texts: Sequence[str]) -> Vectors:
        self.served.add(open_index(self.index, "hashing").folder.name)
        return super().documents(texts)


def test_the_old_index_serves_until_the_new_one_is_whole(index: Path, tiny_corpus: Path) -> None:
    old = current(index)
    edit(tiny_corpus, "1847년에", "1848년에")
    watching = Watching(index)
    rebuild(tiny_corpus, index, watching)
    assert watching.served == {old.name}
    assert current(index) != old
    assert "1848년" in "".join(view.text for e in open_index(index, "hashing").entries for view in e.views.values())


def test_who_is_opening_the_old_index_can_go_on_and_older_ones_are_removed(
    index: Path, tiny_corpus: Path, hashing: HashingEncoder
) -> None:
    folders = [current(index)]
    for before, after in (("1847년에", "1848년에"), ("1848년에", "1849년에")):
        edit(tiny_corpus, before, after)
        rebuild(tiny_corpus, index, hashing)
        folders.append(current(index))
    assert [folder.exists() for folder in folders] == [False, True, True]


class Calling(HashingEncoder):
    """An encoder during whose work somebody else builds, too."""

    def __init__(self, corpus: Path, index: Path) -> None:
        super().__init__()
        self.corpus, self.index = corpus, index
        self.told: list[BaseException] = []

    def documents(self, texts: Sequence[str]) -> Vectors:
        def second() -> None:
            try:
                rebuild(self.corpus, self.index, HashingEncoder())
            except AskMissionError as error:
                self.told.append(error)

        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
        return super().documents(texts)


def test_of_two_builds_at_once_the_second_is_told_in_one_line(tiny_corpus: Path, tmp_path: Path) -> None:
    calling = Calling(tiny_corpus, tmp_path / "index")
    assert rebuild(tiny_corpus, tmp_path / "index", calling).changed
    assert calling.told
    for error in calling.told:
        assert isinstance(error, IndexError_)
        assert "another build is under way" in one_line(error)
    assert is_current(tiny_corpus, tmp_path / "index", "hashing")


def test_an_index_of_another_program_is_stale_and_encoded_again(
    index: Path, tiny_corpus: Path, hashing: HashingEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("askmission.index._program", lambda: "another")
    with pytest.raises(IndexStale, match="another version"):
        open_index(index, "hashing")
    built = rebuild(tiny_corpus, index, hashing)
    assert built.encoded == rebuild(tiny_corpus, index.with_name("fresh"), HashingEncoder()).encoded
