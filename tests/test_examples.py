"""Questions offered to begin with: about the days and the places of a report in any language."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from askmission import Assistant
from askmission.page.examples import examples
from conftest import KOREAN

NINTH = "What was on the programme on Tuesday 9 May?"


@pytest.fixture
def answers_with(tiny_assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Has every question answered with the same words."""
    answer = tiny_assistant.ask("Who spoke about the ferry?")

    def answers(said: str) -> None:
        told = replace(answer, citations=(replace(answer.citations[0], trail=(), speaker=None, quote=said),))
        monkeypatch.setattr(Assistant, "ask", lambda *_, **__: told)

    return answers


@pytest.mark.parametrize("said", ["9일 일정", "Le 9 mai", "9th of May"])
def test_a_day_is_offered_that_the_answer_names_in_any_language(
    tiny_assistant: Assistant, answers_with: Callable[[str], None], said: str
) -> None:
    answers_with(said)
    assert examples(tiny_assistant, "en") == [NINTH]


@pytest.mark.parametrize("said", ["19일 일정", "9월 4일 일정", "2009"])
def test_a_day_is_not_offered_because_of_another_number(
    tiny_assistant: Assistant, answers_with: Callable[[str], None], said: str
) -> None:
    answers_with(said)
    assert examples(tiny_assistant, "en") == []


def test_the_days_of_a_korean_report_are_offered(tiny_assistant: Assistant) -> None:
    assert "5월 10일 수요일 일정은 무엇이었나요?" in examples(tiny_assistant, "ko")


@pytest.mark.parametrize("said", ["갈모르의 항구", "갈모어의 항구", "The port of Galmor"])
def test_a_place_is_offered_that_the_answer_names_in_any_spelling(
    tiny_corpus: Path,
    assistant_over: Callable[[Path], Assistant],
    answers_with: Callable[[str], None],
    said: str,
) -> None:
    with (tiny_corpus / "names.toml").open("a", encoding="utf-8") as names:
        names.write(
            '\n[[names]]\nkind = "place"\nfr = ["Galmor"]\nen = ["Galmor"]\nko = ["갈모르"]\naliases = ["갈모어"]\n'
        )
    with (tiny_corpus / KOREAN / "report.md").open("a", encoding="utf-8") as report:
        report.write("\n## 이웃 도시\n\n갈모르의 항구에는 어선 스무 척이 있다.\n")
    answers_with(said)
    assert examples(assistant_over(tiny_corpus), "en") == ["What is said about Galmor?"]
