"""What benchmarks/ teaches and fits with: what is said to answer stands there, and nothing golden is among it."""

import json
import tomllib
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from askmission.asking import AMOUNTS, SHOWN, Kind, has_kind, kind_of
from askmission.golden import open_golden
from askmission.missions import MissionFolder, open_corpus
from askmission.reading import read_report
from askmission.text import LANGUAGES, fold
from conftest import CORPUS, ROOT

FILES = sorted((ROOT / "benchmarks" / "passages").glob("*.jsonl"))
TABLES = sorted((ROOT / "benchmarks" / "tables").glob("*.jsonl"))
MISSIONS = [folder for name in ("missions", "lessons") for folder in open_corpus(ROOT / "benchmarks" / name)]


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_half_of_the_questions_are_answered_by_words_of_their_passage(path: Path) -> None:
    for record in records(path):
        answers = [asked["answer"] for asked in record["questions"]]
        assert answers.count(None) == len(answers) / 2, record["passage"]
        for answer in filter(None, answers):
            for words in [answer] if isinstance(answer, str) else answer:
                assert words in record["passage"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_of_the_others_has_a_sentence_that_would_answer_it(path: Path) -> None:
    for record in records(path):
        for asked in record["questions"]:
            assert ("would" in asked) == (asked["answer"] is None), asked
            assert fold(asked.get("would", "…")) not in fold(record["passage"])


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_half_of_the_questions_about_a_table_are_answered_by_a_row_and_the_others_have_one_that_would(
    path: Path,
) -> None:
    for record in records(path):
        answers = [asked["answer"] for asked in record["questions"]]
        assert answers.count(None) == len(answers) / 2, record["rows"]
        for asked in record["questions"]:
            if asked["answer"] is None:
                assert len(asked["would"]) == len(record["rows"][0])
                assert asked["would"] not in record["rows"]
            else:
                assert any(asked["answer"] in cell for cell in record["rows"][asked["row"]]), asked


def questions(folder: MissionFolder) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((folder.folder / "questions.toml").read_text("utf-8"))["questions"]
    return found


@pytest.mark.parametrize("folder", MISSIONS, ids=lambda folder: folder.mission.id)
def test_what_answers_a_question_about_an_invented_mission_stands_in_one_of_its_passages(folder: MissionFolder) -> None:
    passages = [fold(" ".join(unit.text for unit in each.units)) for each in read_report(folder) if each.searched]
    asked = questions(folder)
    assert len({each["id"] for each in asked}) == len(asked)
    for each in asked:
        assert bool(each["facts"]) == bool(each["evidence"]), each["id"]
        for entry in each["evidence"]:
            for words in [entry] if isinstance(entry, str) else entry:
                assert any(fold(words) in passage for passage in passages), (each["id"], words)


@pytest.mark.parametrize("folder", MISSIONS, ids=lambda folder: folder.mission.id)
def test_no_question_about_an_invented_mission_is_asked_twice(folder: MissionFolder) -> None:
    for language in LANGUAGES:
        asked = [fold(each[language]) for each in questions(folder)]
        assert len(set(asked)) == len(asked)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_passages_of_a_report_follow_each_other(path: Path) -> None:
    reports = [record.get("report") for record in records(path)]
    assert len(list(groupby(reports))) == len(set(reports))


def kinds_asked(language: str) -> Iterator[tuple[Kind, dict[str, Any], dict[str, Any]]]:
    """The kind that each question in a language asks for, with the question and its passage."""
    for record in (record for path in FILES for record in records(path)):
        for asked in record["questions"]:
            if asked["lang"] == language:
                yield kind_of(asked["q"], language), asked, record


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("kinds", "least", "share"), [({Kind.MONEY, Kind.HOUR}, 80, 0.85), (AMOUNTS, 600, 0.97)])
def test_a_passage_that_answers_is_seldom_taken_for_one_without_the_amount_asked_for(
    language: str, kinds: set[Kind], least: int, share: float
) -> None:
    seen = [
        has_kind(" | ".join([*record["headings"], record["passage"]]), kind)
        for kind, asked, record in kinds_asked(language)
        if kind in kinds and asked["answer"]
    ]
    assert len(seen) > least
    assert sum(seen) / len(seen) > share


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_that_answers_shows_what_was_asked_for(language: str) -> None:
    seen = [
        has_kind(asked["would"], kind) for kind, asked, _ in kinds_asked(language) if kind in SHOWN and "would" in asked
    ]
    assert len(seen) > 600
    assert sum(seen) / len(seen) > 0.95


def test_no_golden_question_is_among_them() -> None:
    golden = {fold(each.question.in_language(language)) for each in open_golden(CORPUS) for language in LANGUAGES}
    every = [record for path in (*FILES, *TABLES) for record in records(path)]
    written = {fold(asked["q"]) for record in every for asked in record["questions"]}
    written |= {fold(each[language]) for folder in MISSIONS for each in questions(folder) for language in LANGUAGES}
    assert len(written) > 10_000
    assert not golden & written
