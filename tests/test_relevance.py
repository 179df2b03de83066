"""Relevance: what is known of a question and its hits, and how likely they answer it."""

from dataclasses import replace

import pytest

from askmission import Assistant
from askmission.names import Name, NameFinder
from askmission.relevance import Relevance, Signals, absent_words, judge, signals_of
from askmission.retrieval import Hit, Query
from askmission.selection import Candidate, candidates


def found(assistant: Assistant, question: str, language: str) -> tuple[Query, list[Hit], list[Candidate]]:
    query = assistant.retrieval.query(question, language, assistant.encoder)
    hits = assistant.retrieval.search(query)
    return query, hits, candidates(query, hits, assistant.index.lexical[language], assistant.finder)


def signals(assistant: Assistant, question: str, language: str = "en") -> Signals:
    return signals_of(*found(assistant, question, language))


@pytest.mark.parametrize(
    ("question", "absent"),
    [
        ("Did Ngaio Pryce meet anybody from Valparaiso?", ("Valparaiso",)),
        ("Où était Ngaio Pryce en 1974 ?", ("1974",)),
        ("응아이오 프라이스는 2023년에 발파라이소에 갔나요?", ("발파라이소",)),
        ("Who keeps the penguins of Northmoor?", ()),
        ("HOW MUCH DO THE PENGUINS OF NORTHMOOR EAT?", ()),
        ("Qui a mangé les œufs des manchots ?", ()),
        ("Bonjour Monsieur, qui garde les manchots ?", ()),
        ("Bonjour Madame, Monsieur, où sont les manchots ? Merci Messieurs", ()),
        ("Qui est Mme Valparaiso, Docteur ès lettres ?", ("Valparaiso",)),
        ("Dear Sir or Madam, who keeps the penguins?", ()),
        ("Did Mrs Pryce or Miss Valparaiso keep the penguins?", ("Valparaiso",)),
        ("Is Professor Valparaiso there?", ("Valparaiso",)),
    ],
)
def test_names_and_years_that_no_report_has_are_told(
    tiny_assistant: Assistant, question: str, absent: tuple[str, ...]
) -> None:
    assert absent_words(question, tiny_assistant.index.lexical, tiny_assistant.finder) == absent


def test_a_listed_name_is_there_in_whichever_spelling_the_reports_have(tiny_assistant: Assistant) -> None:
    lexical = tiny_assistant.index.lexical
    question = "Did they meet Ngayo Price of Lagos and Zeno Quill in 1974?"
    known = Name(kind="person", fr=("Ngaio Pryce",), en=("Ngaio Pryce",), ko=("응아이오",), aliases=("Ngayo Price",))
    other = Name(kind="person", fr=("Zeno Quill",), en=("Zeno Quill",), ko=("제노",))
    assert absent_words(question, lexical, NameFinder([])) == ("Ngayo", "Price", "Lagos", "Zeno", "Quill", "1974")
    assert absent_words(question, lexical, NameFinder([known, other])) == ("Lagos", "Zeno", "Quill", "1974")


def test_numbers_and_names_that_a_passage_lacks_are_counted(tiny_assistant: Assistant) -> None:
    same, other = "Does the colony of Ngaio Pryce count 640 birds?", "Does the colony of Zeno Quill count 777 birds?"
    assert signals(tiny_assistant, same).numbers_lacking == 0
    assert signals(tiny_assistant, same).names_lacking == 0
    assert signals(tiny_assistant, other).numbers_lacking == 1
    assert signals(tiny_assistant, other).names_lacking == 1


def test_the_most_that_reading_says_counts_beside_what_it_says_of_the_first(tiny_assistant: Assistant) -> None:
    query, hits, units = found(tiny_assistant, "Who keeps the penguins?", "en")
    before = signals_of(query, hits, units)
    assert (before.read, before.likeliest) == (0, 0)
    read = [replace(units[0], read=-1.0), replace(units[1], read=2.5), *units[2:]]
    after = signals_of(query, hits, read)
    assert (after.read, after.likeliest) == (-1, 2.5)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Good morning, who keeps the penguins?", "en"),
        ("Who keeps the penguins? Have a nice evening!", "en"),
        ("Qui garde les manchots ? Bonne soirée", "fr"),
        ("좋은 아침입니다. 누가 펭귄을 돌보나요?", "ko"),
    ],
)
def test_a_greeting_asks_for_no_hour(tiny_assistant: Assistant, question: str, language: str) -> None:
    assert not tiny_assistant.retrieval.query(question, language, tiny_assistant.encoder).moments


def test_nothing_found_answers_nothing(tiny_assistant: Assistant) -> None:
    query, hits, _ = found(tiny_assistant, "Who keeps the penguins?", "en")
    assert judge(query, hits, [], tiny_assistant.index.lexical, tiny_assistant.finder).probability == 0


def test_a_passage_without_the_amount_asked_for_answers_nothing(tiny_assistant: Assistant) -> None:
    query, hits, units = found(tiny_assistant, "Who keeps the penguins?", "en")
    assert judge(query, hits, units, tiny_assistant.index.lexical, tiny_assistant.finder).probability > 0
    units[0] = replace(units[0], fits=False)
    assert judge(query, hits, units, tiny_assistant.index.lexical, tiny_assistant.finder).probability == 0


@pytest.mark.parametrize(
    ("question", "nobody"),
    [("Who looks after the penguins?", 0), ("Who asked for a second ferry?", 0), ("Who closed the quay to cars?", 1)],
)
def test_a_question_for_a_person_wants_one_named_or_speaking(
    tiny_assistant: Assistant, question: str, nobody: int
) -> None:
    assert signals(tiny_assistant, question).nobody == nobody


def test_only_a_question_for_a_person_wants_one(tiny_assistant: Assistant) -> None:
    assert signals(tiny_assistant, "When was the quay closed to cars?").nobody == 0


def test_what_names_something_that_no_report_has_must_be_likelier() -> None:
    assert Relevance(0.4, None, ()).suffices
    assert not Relevance(0.4, None, ("Lagos",)).suffices
    assert Relevance(0.6, None, ("Lagos",)).suffices
