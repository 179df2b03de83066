"""What a keeper of the corpus sees when something in it cannot be used: one line that names the file."""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from askmission import missions
from askmission.errors import CorpusError
from askmission.missions import open_corpus
from askmission.reading import read_report
from conftest import ENGLISH, KOREAN


def read_all(corpus: Path) -> None:
    for folder in open_corpus(corpus):
        read_report(folder)


def edited(old: str, new: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        path = folder / "mission.toml"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return edit


def report(raw: bytes) -> Callable[[Path], None]:
    return lambda folder: (folder / "report.md").write_bytes(raw) and None


BAD = {
    "an empty report": (report(b" \n\t\n"), "report.md", "empty"),
    "a report of marks only": (report(b"---\n"), "report.md", "no text"),
    "a report of invisible characters only": (report("\u200b\u202e\ufeff".encode()), "report.md", "empty"),
    "a report in Latin-1": (report("# Été\n".encode("latin-1")), "report.md", "not UTF-8"),
    "a report in UTF-16": (report("# 보고서\n".encode("utf-16")), "report.md", "not UTF-8"),
    "no report": (lambda folder: (folder / "report.md").unlink(), "report.md", "cannot be read"),
    "no mission.toml": (lambda folder: (folder / "mission.toml").unlink(), "mission.toml", "cannot be read"),
    "a missing field": (edited('language = "ko"\n', ""), "mission.toml", "language"),
    "a misspelt field": (edited("authors", "autors"), "mission.toml", "authors"),
    "an unknown field": (edited("authors", "budget = 3\nauthors"), "mission.toml", "budget"),
    "a language that is not answered in": (edited('"ko"', '"de"'), "mission.toml", "fr, en, ko"),
    "a field of another type": (edited("2023-05-09", '"soon"'), "mission.toml", "start"),
    "an end before the start": (edited("2023-05-11", "2023-05-01"), "mission.toml", "end is before start"),
    "a title without one of the languages": (edited('ko = "해담시 대', 'xx = "해담시 대'), "mission.toml", "title"),
    "an id that makes no address": (edited('"2023-05-breval"', '"Bréval 2023"'), "mission.toml", "id"),
    "a mission.toml that is no TOML": (edited("language =", "language"), "mission.toml", "not TOML"),
    "a mission.toml that is not UTF-8": (
        lambda folder: (folder / "mission.toml").write_bytes(b'id = "\xff"') and None,
        "mission.toml",
        "not UTF-8",
    ),
    "a part whose heading is not there": (
        edited("[[dropped]]", '[[parts]]\nfirst = "부록"\n\n[[dropped]]'),
        "mission.toml",
        "부록",
    ),
    "an unsearched heading that is not there": (
        edited("[title]", 'unsearched = ["차례"]\n\n[title]'),
        "mission.toml",
        "차례",
    ),
    "a dropped pattern that is none": (edited('"^[□○]"', '"("'), "mission.toml", "regular expression"),
}


@pytest.mark.parametrize(("spoil", "file", "says"), BAD.values(), ids=list(BAD))
def test_what_cannot_be_used_is_named_in_one_line(
    tiny_corpus: Path, spoil: Callable[[Path], None], file: str, says: str
) -> None:
    spoil(tiny_corpus / KOREAN)
    with pytest.raises(CorpusError) as caught:
        read_all(tiny_corpus)
    line = str(caught.value)
    assert str(tiny_corpus / KOREAN / file) in line
    assert says in line
    assert "\n" not in line


def test_a_misspelt_field_is_told_with_the_known_ones(tiny_corpus: Path) -> None:
    edited("unsearched", "unsearcht")(tiny_corpus / ENGLISH)
    with pytest.raises(CorpusError, match=r"unsearcht.*unsearched"):
        open_corpus(tiny_corpus)


def test_a_gigantic_report_is_refused_before_it_is_read(tiny_corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missions, "MAX_REPORT_BYTES", 2_000)
    (tiny_corpus / KOREAN / "report.md").write_text("가" * 1_000, "utf-8")
    with pytest.raises(CorpusError, match=r"report\.md: over .* MB"):
        open_corpus(tiny_corpus)


def test_two_missions_with_one_id_are_both_named(tiny_corpus: Path) -> None:
    edited(f'"{KOREAN}"', f'"{ENGLISH}"')(tiny_corpus / KOREAN)
    with pytest.raises(CorpusError) as caught:
        open_corpus(tiny_corpus)
    assert KOREAN in str(caught.value)
    assert ENGLISH in str(caught.value)
    assert "another id" in str(caught.value)


def test_a_corpus_without_missions_says_what_a_mission_is(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"no mission here.*mission\.toml"):
        open_corpus(tmp_path)


def test_a_corpus_that_is_not_there_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="ASKMISSION_CORPUS"):
        open_corpus(tmp_path / "nowhere")


def test_missions_come_in_the_order_of_their_dates(tiny_corpus: Path) -> None:
    assert [folder.mission.id for folder in open_corpus(tiny_corpus)] == [ENGLISH, KOREAN]


def test_hangul_from_a_mac_is_read_as_everybody_elses(tiny_corpus: Path) -> None:
    path = tiny_corpus / KOREAN / "report.md"
    composed = open_corpus(tiny_corpus)[1].report
    path.write_text(unicodedata.normalize("NFD", composed), "utf-8")
    assert open_corpus(tiny_corpus)[1].report == composed


def test_invisible_and_bidirectional_characters_are_taken_out(tiny_corpus: Path) -> None:
    path = tiny_corpus / KOREAN / "report.md"
    before = open_corpus(tiny_corpus)[1].report
    path.write_text("\ufeff" + before.replace("등대", "등\u200b대\u202e\u2066\u200f\u00ad"), "utf-8")
    assert open_corpus(tiny_corpus)[1].report == before


def test_line_ends_of_other_systems_make_no_difference(tiny_corpus: Path) -> None:
    path = tiny_corpus / KOREAN / "report.md"
    before = open_corpus(tiny_corpus)[1].report
    path.write_bytes(before.replace("\n", "\r\n").encode())
    assert open_corpus(tiny_corpus)[1].report == before
