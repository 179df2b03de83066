"""The lexical index: the same word in another form is found, and words that only ask count nothing."""

from pathlib import Path

import numpy as np
import pytest

from askmission.lexical import LexicalIndex, content_tokens, is_stop_word, tokens

TEXTS = ["Le phare a été construit en 1847.", "Les huîtres poussent dans la baie.", "La baie a deux phares et un port."]


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("fr", "musées", "musée"),
        ("fr", "JUMELÉE", "jumelee"),
        ("fr", "œuvre", "oeuvres"),
        ("en", "visitors", "visitor"),
        ("en", "Exchanges", "exchange"),
        ("ko", "세종시는", "세종시"),
        ("ko", "등대를", "등대에서"),
        ("ko", "박물관은", "박물관과의"),
    ],
)
def test_forms_of_a_word_meet(language: str, one: str, other: str) -> None:
    assert set(tokens(one, language)) & set(tokens(other, language))


def test_numbers_and_names_in_latin_letters_are_terms_in_korean_too() -> None:
    assert {"topis", "2024"} <= set(tokens("TOPIS가 2024년에", "ko"))


def test_hangul_from_a_mac_gives_the_same_terms() -> None:
    assert tokens("\u1109\u116e\u11ab\u110e\u1165\u11ab", "ko") == tokens("순천", "ko")


@pytest.mark.parametrize(
    ("language", "question", "left"),
    [
        ("fr", "Quand est-ce que le phare a été construit ?", {"phar", "constru"}),
        ("en", "When was the lighthouse built?", {"lighthous", "built"}),
        ("ko", "등대는 언제 세워졌나요?", {"등대"}),
    ],
)
def test_words_that_only_ask_are_left_out_of_a_question(language: str, question: str, left: set[str]) -> None:
    terms = content_tokens(question, language)
    assert all(any(term.startswith(wanted) for term in terms) for wanted in left)
    assert not any(is_stop_word(term, language) for term in terms)


@pytest.mark.parametrize(("language", "question"), [("fr", "Quand ?"), ("en", "Who was it?"), ("ko", "언제인가요?")])
def test_a_question_of_asking_words_only_has_no_terms(language: str, question: str) -> None:
    assert content_tokens(question, language) == []


def test_the_passage_with_the_words_is_first() -> None:
    index = LexicalIndex.build(TEXTS, [3, 5, 8], "fr")
    scores = index.scores(content_tokens("Quand fut construit le phare ?", "fr"))
    assert index.rows[int(np.argmax(scores))] == 3
    assert scores[1] == 0


def test_words_that_stand_nowhere_score_nothing() -> None:
    index = LexicalIndex.build(TEXTS, [0, 1, 2], "fr")
    assert not index.scores(["zeppelin"]).any()
    assert not index.scores([]).any()
    assert not index.knows("zeppelin")


def test_a_rarer_word_tells_more() -> None:
    index = LexicalIndex.build(TEXTS, [0, 1, 2], "fr")
    (bay,), (oysters,) = tokens("baie", "fr"), tokens("huîtres", "fr")
    assert 0 < index.weight(bay) < index.weight(oysters) < index.weight("zeppelin") <= 1


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    index = LexicalIndex.build(TEXTS, [0, 1, 2], "fr")
    index.save(tmp_path / "fr")
    terms = tokens("deux phares", "fr")
    assert (LexicalIndex.load(tmp_path / "fr").scores(terms) == index.scores(terms)).all()


@pytest.mark.parametrize("texts", [[], ["", "…"]])
def test_a_language_without_a_word_has_an_empty_index(tmp_path: Path, texts: list[str]) -> None:
    index = LexicalIndex.build(texts, range(len(texts)), "ko")
    index.save(tmp_path / "ko")
    loaded = LexicalIndex.load(tmp_path / "ko")
    assert len(loaded.scores(["등대"])) == 0
    assert not loaded.knows("등대")
