"""Comprehension: the likeliest units read together with the question."""

from collections.abc import Sequence

import numpy as np
import pytest
import torch

from askmission import Assistant
from askmission.comprehension import READ, Comprehension
from askmission.crossencoder import BEFORE, HEAD, MOST, CrossEncoder, open_cross_encoder, reading_of
from askmission.encoder import EMBEDDED, Encoder, open_encoder
from askmission.selection import Candidate, candidates


@pytest.fixture(scope="module")
def cross_encoder() -> CrossEncoder:
    return open_cross_encoder()


def units_for(assistant: Assistant, question: str, language: str) -> list[Candidate]:
    query = assistant.retrieval.query(question, language, assistant.encoder)
    hits = assistant.retrieval.search(query)
    return candidates(query, hits, assistant.index.lexical[language], assistant.finder)


def scores(model: CrossEncoder, encoder: Encoder, question: str, texts: Sequence[str]) -> list[float]:
    (asked,), read = encoder.queries([question]), encoder.documents(texts)
    assert asked.below is not None
    return model.scores(asked.below, [(each.below, 0, len(each.below)) for each in read if each.below is not None])


ANSWERS = [
    (
        "How many nurses work at the clinic?",
        "The clinic in the old mill employs fourteen nurses.",
        "The clinic in the old mill was painted by two artists.",
    ),
    (
        "Qui a dessiné le jardin de la mairie ?",
        "Le jardin de la mairie a été dessiné par Odile Marchetti.",
        "Le jardin de la mairie ferme à dix-neuf heures en été.",
    ),
    (
        "시장은 왜 도서관을 옮겼습니까?",
        "시장은 건물이 낡아 위험했기 때문에 도서관을 옮겼습니다.",
        "시장은 도서관에서 어린이들과 책을 읽었습니다.",
    ),
]


@pytest.mark.parametrize(("question", "answer", "other"), ANSWERS)
def test_a_sentence_that_answers_is_told_from_one_on_the_same_thing(
    cross_encoder: CrossEncoder, real_encoder: Encoder, question: str, answer: str, other: str
) -> None:
    right, wrong = scores(cross_encoder, real_encoder, question, [answer, other])
    assert right > wrong + 1


def test_a_pair_has_the_same_score_alone_and_among_others(
    cross_encoder: CrossEncoder, real_encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", dict)
    exact, encoder = open_cross_encoder(), open_encoder(EMBEDDED)
    question, *texts = ANSWERS[0]
    texts.append("It opened in spring. " * 12)
    together = scores(exact, encoder, question, texts)
    alone = [score for text in texts for score in scores(exact, encoder, question, [text])]
    assert together == pytest.approx(alone, abs=2e-3)
    assert scores(cross_encoder, real_encoder, question, texts) == pytest.approx(together, abs=0.1)


def test_no_unit_has_no_score_and_a_long_one_is_read_up_to_its_bound(
    cross_encoder: CrossEncoder, real_encoder: Encoder
) -> None:
    (asked,), (text,) = real_encoder.queries(["Who paid?"]), real_encoder.documents(["The village paid for it. " * 40])
    assert asked.below is not None
    assert text.below is not None
    assert len(text.below) > MOST
    assert cross_encoder.scores(asked.below, []) == []
    whole, begun = (cross_encoder.scores(asked.below, [(text.below, 0, end)]) for end in (len(text.below), MOST))
    assert whole == begun


def test_of_a_long_text_before_a_unit_the_start_and_the_end_are_read(real_encoder: Encoder) -> None:
    (text,) = real_encoder.documents(["The village paid for it. " * 40])
    assert text.below is not None
    first = len(text.below) - 5
    unit, prior = (part.numpy() for part in reading_of((text.below, first, first + 5)))
    assert np.array_equal(unit, text.below[first:])
    assert np.array_equal(prior, np.concatenate([text.below[:HEAD], text.below[first - BEFORE : first]]))
    unit, prior = (part.numpy() for part in reading_of((text.below, 7, 9)))
    assert np.array_equal(unit, text.below[7:9])
    assert np.array_equal(prior, text.below[:7])


BELOW_HEADINGS = [
    ("On which day did they see the harbour?", "Visit of the harbour", ("Tuesday 4 March", "Programme")),
    ("Quel jour ont-ils vu le port ?", "Visite du port", ("Mardi 4 mars", "Programme")),
    ("항구는 무슨 요일에 견학했습니까?", "항구 견학", ("3월 4일 화요일", "일정")),
]


@pytest.mark.parametrize(("question", "words", "headings"), BELOW_HEADINGS)
def test_a_unit_is_read_with_its_heading(
    cross_encoder: CrossEncoder, real_encoder: Encoder, question: str, words: str, headings: tuple[str, str]
) -> None:
    (asked,) = real_encoder.queries([question])
    assert asked.below is not None
    found = []
    for heading in headings:
        (text,), (alone,) = real_encoder.documents([f"{heading}. {words}"]), real_encoder.documents([f"{heading}. "])
        assert text.below is not None
        found += cross_encoder.scores(asked.below, [(text.below, len(alone.tokens), len(text.below))])
    assert found[0] > found[1]


def test_only_the_likeliest_units_are_read(assistant: Assistant) -> None:
    units = units_for(assistant, "Why did the delegation travel?", "en")
    query = assistant.retrieval.query("Why did the delegation travel?", "en", assistant.encoder)
    read = assistant.comprehension.read(query, units)
    assert len(read) == len(units) > READ
    assert sum(unit.read is not None for unit in read) == READ
    assert {(u.hit.number, u.unit) for u in units[:READ]} == {
        (u.hit.number, u.unit) for u in read if u.read is not None
    }


def test_a_row_is_read_too(assistant: Assistant) -> None:
    question = "What was on the programme in the morning?"
    query = assistant.retrieval.query(question, "en", assistant.encoder)
    rows = [u for u in units_for(assistant, question, "en") if u.hit.entry.passage.kind == "row"]
    assert rows
    assert all(unit.read is not None for unit in assistant.comprehension.read(query, rows, len(rows)))


def test_a_heading_that_names_a_speaker_is_read_too(assistant: Assistant) -> None:
    question = "Who spoke first?"
    query = assistant.retrieval.query(question, "en", assistant.encoder)
    headings = [u for u in units_for(assistant, question, "en") if u.hit.entry.passage.kind == "speaker"]
    assert headings
    assert all(unit.read is not None for unit in assistant.comprehension.read(query, headings, len(headings)))


def test_an_encoder_whose_lower_layers_are_not_known_reads_nothing(tiny_assistant: Assistant) -> None:
    units = units_for(tiny_assistant, "How many birds are there?", "en")
    query = tiny_assistant.retrieval.query("How many birds are there?", "en", tiny_assistant.encoder)
    assert units
    assert Comprehension(tiny_assistant.index).read(query, units) == units
    assert tiny_assistant.index.below.shape[0] == 0


def test_the_index_keeps_what_the_lower_layers_say(assistant: Assistant, real_encoder: Encoder) -> None:
    index = assistant.index
    assert index.below.shape == index.tokens.shape
    (read,) = real_encoder.queries(["Why?"])
    assert read.below is not None
    assert read.below.shape == read.tokens.shape
    assert not np.allclose(read.below, read.tokens)
