"""The passages of benchmarks/passages: what is said to answer stands in them, and nothing golden is among them."""

import json
from pathlib import Path
from typing import Any

import pytest

from askmission.golden import open_golden
from askmission.text import LANGUAGES, fold
from conftest import CORPUS, ROOT

FILES = sorted((ROOT / "benchmarks" / "passages").glob("*.jsonl"))


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


def test_no_golden_question_is_among_them() -> None:
    golden = {fold(each.question.in_language(language)) for each in open_golden(CORPUS) for language in LANGUAGES}
    written = {fold(asked["q"]) for path in FILES for record in records(path) for asked in record["questions"]}
    assert len(written) > 10_000
    assert not golden & written
