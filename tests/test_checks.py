"""What the keeper of the corpus is told of its translations: each flaw with its file and line."""

from pathlib import Path

import pytest

from askmission.checks import check_corpus
from askmission.quantities import quantities
from conftest import CORPUS, ENGLISH, KOREAN


@pytest.fixture
def korean_only(tiny_corpus: Path) -> Path:
    """The tiny Korean mission, translated, alone."""
    for path in (tiny_corpus / ENGLISH).iterdir():
        path.unlink()
    return tiny_corpus


def edited(corpus: Path, old: str, new: str) -> list[str]:
    """Return what is wrong with the corpus after an edit that was not before."""
    before = set(check_corpus(corpus).problems)
    path = corpus / KOREAN / "fr.po"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return [problem for problem in check_corpus(corpus).problems if problem not in before]


def line_of(corpus: Path, words: str) -> int:
    """Return the line of the entry (its msgid) whose file has `words`."""
    lines = (corpus / KOREAN / "fr.po").read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


def test_the_real_corpus_has_nothing_to_mend() -> None:
    assert check_corpus(CORPUS).problems == ()


def test_a_complete_translation_has_nothing_to_mend(korean_only: Path) -> None:
    assert check_corpus(korean_only).problems == ()


def test_how_far_each_translation_has_come_is_told(korean_only: Path) -> None:
    shares = {share.language: share for share in check_corpus(korean_only).shares}
    assert set(shares) == {"fr", "en"}
    assert all(share.translated == share.of > 20 and share.fuzzy == 1 for share in shares.values())
    assert f"{KOREAN}/fr.po" in str(shares["fr"])


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("construit en 1847.", "construit en 1874.", "1847"),
        ("38 000 visiteurs", "des visiteurs", "38000"),
        ("Du 9 au 11 mai", "Du 9 au 12 mai", "11"),
        ("YOON Garam, adjointe", "L'adjointe", "YOON Garam"),
        ("jumelée à Bréval depuis 2011.", "jumelée depuis 2011.", "Bréval"),
        ('msgstr "Bibliothèque municipale"', 'msgstr "시립 도서관"', "시립 도서관"),
        ('msgstr "Bibliothèque municipale"', 'msgstr ""', "시립 도서관"),
    ],
)
def test_a_flaw_is_named_with_file_and_line(korean_only: Path, old: str, new: str, says: str) -> None:
    path = korean_only / KOREAN / "fr.po"
    number = line_of(korean_only, old)
    problems = edited(korean_only, old, new)
    assert problems
    for problem in problems:
        assert problem.startswith(f"{path}:")
        assert "\n" not in problem
    assert any(says in problem for problem in problems)
    assert any(0 <= number - int(problem.removeprefix(f"{path}:").split(":")[0]) <= 3 for problem in problems)


def test_a_translation_taken_away_is_told(korean_only: Path) -> None:
    (korean_only / KOREAN / "fr.po").unlink()
    (problem,) = [line for line in check_corpus(korean_only).problems if "fr.po" in line]
    assert "missing" in problem


def test_a_new_sentence_without_translation_is_told(korean_only: Path) -> None:
    path = korean_only / KOREAN / "report.md"
    path.write_text(path.read_text("utf-8") + "\n새로운 문장이다.\n", "utf-8")
    problems = check_corpus(korean_only).problems
    assert any("fr.po" in problem and "새로운 문장이다." in problem for problem in problems)
    assert any("en.po" in problem and "새로운 문장이다." in problem for problem in problems)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("4,3 M de visiteurs", "4.3 million visitors"),
        ("4.3 million visitors", "방문객 430만 명"),
        ("800 000 habitants", "800,000 inhabitants"),
        ("800 000 habitants", "인구 80만 명"),
        ("270 bn", "2,700억"),
        ("14h00 – 17h00", "14:00~17:00"),
        ("511,000 jobs", "511\u202f000 emplois"),
        ("75e anniversaire", "75주년"),
        ("vingt-cinq", "many"),
    ],
)
def test_an_amount_is_the_same_however_it_is_written(one: str, other: str) -> None:
    assert quantities(one) == quantities(other)


def test_another_amount_is_another() -> None:
    assert quantities("4,3 M de visiteurs") != quantities("43만 명")
