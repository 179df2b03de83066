"""What the program says, it says in three languages: no text without its French and its Korean."""

import ast
import io
import re
from datetime import date
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from askmission.messages import Text
from askmission.page.labels import date_in
from conftest import ROOT

SOURCE = ROOT / "src" / "askmission"
LANGUAGES = ("fr", "ko")


def literals() -> dict[str, str]:
    """Return every literal marked with `Text` and where it stands."""
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text" and node.args:
                text = node.args[0]
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    found[text.value] = f"{path.name}:{node.lineno}"
    return found


TEXTS = literals()


def read(language: str) -> Catalog:
    raw = (SOURCE / "locale" / f"{language}.po").read_bytes()
    return read_po(io.BytesIO(raw), locale=language, abort_invalid=True)


CATALOGS = {language: read(language) for language in LANGUAGES}
ENTRIES = [
    pytest.param(language, str(entry.id), str(entry.string), id=f"{language}-{str(entry.id)[:40]}")
    for language, catalog in CATALOGS.items()
    for entry in catalog
    if entry.id
]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_there_is_something_to_say() -> None:
    assert len(TEXTS) > 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_its_translation(language: str) -> None:
    missing = [
        f"{TEXTS[text]}: {text}" for text in TEXTS if not (entry := CATALOGS[language].get(text)) or not entry.string
    ]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_translated_that_is_not_said(language: str) -> None:
    assert [str(entry.id) for entry in CATALOGS[language] if entry.id and entry.id not in TEXTS] == []
    assert list(CATALOGS[language].obsolete) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_a_draft(language: str) -> None:
    assert [str(entry.id) for entry in CATALOGS[language] if entry.id and entry.fuzzy] == []


@pytest.mark.parametrize(("_language", "text", "said"), ENTRIES)
def test_a_translation_has_the_places_of_its_text(_language: str, text: str, said: str) -> None:
    assert placeholders(said) == placeholders(text)
    assert said == said.strip()


@pytest.mark.parametrize(("language", "text", "said"), ENTRIES)
def test_a_translation_is_in_its_language(language: str, text: str, said: str) -> None:
    if language == "ko":
        letters = re.sub(r"\{\w*\}", "", text)
        assert re.search("[가-힣]", said) or not re.search(r"[^\W\d_]", letters)
    else:
        assert not re.search("[가-힣]", said)
        assert not re.search(r"[^\s\u00a0\u202f«][;?!:](?:\s|$)", said), "no space before the punctuation"
        assert not re.search(r"«[^\s\u00a0\u202f]|[^\s\u00a0\u202f]»", said), "no space inside the quotation marks"


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text[:40])
def test_every_text_can_be_said_with_its_values(text: str) -> None:
    values = dict.fromkeys(placeholders(text), "{odd} value")
    for language in ("fr", "en", "ko"):
        said = Text(text).in_language(language, **values)
        assert said
        assert all("{odd} value" in said for _ in values)


@pytest.mark.parametrize(
    ("language", "day", "said"),
    [
        ("fr", date(2026, 12, 1), "1er décembre 2026"),
        ("fr", date(2026, 12, 11), "11 décembre 2026"),
        ("en", date(2026, 12, 1), "December 1, 2026"),
        ("ko", date(2026, 12, 1), "2026년 12월 1일"),
    ],
)
def test_the_first_of_a_month_is_counted_in_french(language: str, day: date, said: str) -> None:
    assert date_in(language, day, "long") == said
