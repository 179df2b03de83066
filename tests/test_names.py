"""Names are found in every spelling people type, and nowhere else."""

from pathlib import Path

import pytest

from askmission.errors import CorpusError
from askmission.names import FILE, Name, NameFinder, open_names
from conftest import CORPUS

ISSY = "Issy-les-Moulineaux"
FINDER = NameFinder(
    [
        Name(kind="place", fr=(ISSY,), en=(ISSY,), ko=("이시레물리노",), aliases=("Issy", "이씨레물리노")),
        Name(kind="body", fr=("AuRA",), en=("AuRA",), ko=("오베르뉴론알프",), aliases=("Auvergne-Rhône-Alpes",)),
        Name(kind="place", fr=("Séoul",), en=("Seoul",), ko=("서울",), aliases=()),
        Name(kind="place", fr=("Mairie de Séoul",), en=("Seoul City Hall",), ko=("서울시청",), aliases=()),
    ]
)


def found(text: str) -> list[str]:
    return [FINDER.names[name.number].fr[0] for name in FINDER.find(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Issy",
        "à Issy-les-Moulineaux",
        "ISSY LES MOULINEAUX",
        "issy‑les‑moulineaux.",
        "이시레물리노에서",
        "(이씨레물리노)",
        "Issy는",
    ],
)
def test_a_name_is_found_in_every_spelling(text: str) -> None:
    assert found(text) == [ISSY]


@pytest.mark.parametrize("text", ["IssyGPT", "Missy", "Seoulite", "남이시레물리노", ""])
def test_a_name_inside_another_word_is_none(text: str) -> None:
    assert found(text) == []


def test_an_accent_more_or_less_makes_no_difference() -> None:
    assert found("Seoul, séoul, SÉOUL") == ["Séoul"] * 3


def test_an_everyday_word_is_no_name_unless_written_like_it() -> None:
    assert found("on aura vu la Région AuRA") == ["AuRA"]


def test_only_the_spelling_that_is_an_everyday_word_must_be_written_like_it() -> None:
    assert found("la région auvergne rhone alpes, 오베르뉴론알프에서") == ["AuRA"] * 2


def test_the_longest_name_wins() -> None:
    assert found("la Mairie de Séoul") == ["Mairie de Séoul"]
    assert found("서울시청은") == ["Mairie de Séoul"]


def test_a_name_stands_where_it_is_said_to_stand() -> None:
    text = "Été à Séoul puis à Issy"
    assert [text[name.start : name.end] for name in FINDER.find(text)] == ["Séoul", "Issy"]


def test_places_hold_where_folding_changes_the_length() -> None:
    text = "ﬁn œuvre ㈜ Ⅳ Séoul"
    assert [text[name.start : name.end] for name in FINDER.find(text)] == ["Séoul"]


def test_a_question_meets_the_usual_form_of_its_language() -> None:
    assert FINDER.usual("이씨레물리노는 Seoul과 무엇을 했나요?", "ko") == "이시레물리노는 서울과 무엇을 했나요?"


def test_no_names_are_found_where_none_are_known() -> None:
    assert NameFinder(()).find("Séoul") == []


@pytest.mark.parametrize("name", open_names(CORPUS), ids=lambda name: name.en[0])
def test_every_spelling_of_the_corpus_finds_its_name(name: Name) -> None:
    finder = NameFinder(open_names(CORPUS))
    for spelling in name.spellings:
        hits = finder.find(spelling)
        assert any(finder.names[hit.number] == name for hit in hits), spelling


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[names]", "not TOML"),
        ("[[places]]\nfr = ['x']\n", "places"),
        ("[[names]]\nkind = 'place'\nfr = ['x']\nen = ['x']\n", "ko"),
        ("[[names]]\nkind = 'place'\nfr = ['x']\nen = ['x']\nko = []\n", "ko"),
        ("[[names]]\nkind = 'place'\nfr = 'x'\nen = ['x']\nko = ['x']\n", "fr"),
        ("[[names]]\nkind = 'place'\nfr = ['x']\nen = ['x']\nko = ['x']\nde = ['x']\n", "de"),
        ("[[names]]\nkind = 'town'\nfr = ['x']\nen = ['x']\nko = ['x']\n", "'place'"),
    ],
)
def test_a_broken_list_is_named_in_one_line(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / FILE).write_text(text, "utf-8")
    with pytest.raises(CorpusError, match=r"names\.toml") as caught:
        open_names(tmp_path)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_corpus_without_names_has_none(tmp_path: Path) -> None:
    assert open_names(tmp_path) == ()
