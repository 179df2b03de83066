"""A question about a place that no report mentions is refused by that name."""

import pytest

from askmission.assistant import Assistant
from askmission.places import places_in


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("When did the delegation go to Lagos?", ["Lagos"]),
        ("Pourquoi la délégation est-elle allée à New York et à Tokyo ?", ["New York", "Tokyo"]),
        ("부산 방문은 언제였나요?", ["부산"]),
        ("도쿄에서는 누가 발표했나요?", ["도쿄"]),
        ("Reykjavík ?", ["Reykjavík"]),
    ],
)
def test_the_places_that_a_question_names(question: str, places: list[str]) -> None:
    assert places_in(question) == places


@pytest.mark.parametrize(
    "question",
    [
        "how was the reading of the mission?",
        "une soirée nice",
        "누가 발표했나요?",
        "Name the people who spoke.",
        "2023 ?",
        "",
    ],
)
def test_everyday_words_are_no_places(question: str) -> None:
    assert places_in(question) == []


@pytest.mark.parametrize(
    ("question", "language", "place"),
    [
        ("When did the delegation visit Lagos?", "en", "Lagos"),
        ("Quand la délégation a-t-elle visité Lagos ?", "fr", "Lagos"),
        ("대표단은 언제 라고스를 방문했나요?", "ko", "라고스"),
    ],
)
@pytest.mark.encoder
def test_a_refusal_names_the_place_that_is_missing(
    assistant: Assistant, question: str, language: str, place: str
) -> None:
    answer = assistant.ask(question, language=language)
    assert answer.kind == "refusal"
    assert place in answer.text
    assert answer.suggestions
