"""What an answer quotes: the few words that answer, each with its place, nothing for padding."""

import pytest

from askmission.answering import MAX_LENGTH, MAX_UNITS
from askmission.assistant import Assistant

pytestmark = pytest.mark.encoder


def test_a_part_of_a_day_is_answered_by_all_its_rows_and_no_other(assistant: Assistant) -> None:
    answer = assistant.ask("What did the delegation visit on Friday morning?", language="en")
    assert [citation.quote[:13] for citation in answer.citations] == ["10h00 - 11h30", "11h30 - 13h00"]


def test_who_speaks_introduces_the_words(assistant: Assistant) -> None:
    answer = assistant.ask("Depuis quand Suncheon est-elle jumelée à Nantes ?", language="fr")
    assert answer.text.startswith("Dong Kyu CHOI, Directeur")
    assert "«\u00a0Suncheon est jumelée à Nantes depuis 2009.\u00a0»" in answer.text


def test_a_translation_is_never_put_in_quotation_marks(assistant: Assistant) -> None:
    answer = assistant.ask("세종시는 2030년까지 무엇이 되려고 하나요?", language="ko")
    assert answer.citations[0].translation
    assert "“" not in answer.text
    assert answer.citations[0].quote.startswith("Présentation de la situation générale")


@pytest.mark.parametrize(
    "question", ["Qui est le maire de Suippes ?", "Who is the mayor of Suippes?", "쉬프 시장은 누구인가요?"]
)
def test_who_holds_an_office_is_answered_by_its_holder_alone(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.citations
    assert all("François COLLART" in citation.quote for citation in answer.citations)


@pytest.mark.parametrize(
    "question",
    [
        "Quels sont les chiffres de la région Auvergne-Rhône-Alpes ?",
        "What did Caroline Millan say?",
        "수요일에는 어디를 방문했나요?",
        "Qui a participé au débat ?",
    ],
)
def test_no_answer_is_longer_than_the_limit(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert len(answer.citations) <= MAX_UNITS
    assert sum(len(citation.quote) for citation in answer.citations) <= 1.5 * MAX_LENGTH


def test_every_number_in_the_text_is_of_a_citation(assistant: Assistant) -> None:
    answer = assistant.ask("IssyGPT c'est quoi ?", language="fr")
    for citation in answer.citations:
        assert f"[{citation.number}]" in answer.text
