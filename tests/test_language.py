"""The language of short questions: what a person typed decides, and names decide nothing."""

import tomllib
from pathlib import Path

import pytest

from askmission.language import OTHER, language_of


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Qui est le maire ?", "fr"),
        ("Où était le dîner ?", "fr"),
        ("Depuis quand ?", "fr"),
        ("C'est quoi, TOPIS ?", "fr"),
        ("Combien de visiteurs en 2023 ?", "fr"),
        ("Et la ville ?", "fr"),
        ("Pourquoi ?", "fr"),
        ("Parlez-moi d'IssyGPT", "fr"),
        ("What is TOPIS?", "en"),
        ("Who is the mayor?", "en"),
        ("How many visitors in 2023?", "en"),
        ("Where did they eat?", "en"),
        ("Why?", "en"),
        ("And when?", "en"),
        ("Who is the Maire of Suippes?", "en"),
        ("tell me about Issy-les-Moulineaux", "en"),
        ("세빛섬은?", "ko"),
        ("TOPIS가 뭐예요?", "ko"),
        ("누구예요?", "ko"),
        ("왜요?", "ko"),
        ("Auvergne-Rhône-Alpes의 일자리는?", "ko"),
        ("쉬프(Suippes)와 한국은 어떤 인연이 있나요?", "ko"),
    ],
)
def test_a_short_question_is_heard_in_its_language(question: str, language: str) -> None:
    assert language_of(question) == language


@pytest.mark.parametrize(
    "question",
    [
        "IssyGPT ?",
        "TOPIS",
        "GAROK 2024 !",
        "Novotel Ambassador",
        "2024",
        "?",
        "😀",
        "",
        "YANGSTADT ?",
        "Nieuwbrug ?",
        "BERGWIJK !",
    ],
)
def test_a_question_of_names_only_is_of_no_language(question: str) -> None:
    assert language_of(question) is None


@pytest.mark.parametrize(
    "question",
    [
        "Wer ist der Bürgermeister der Stadt?",
        "Wie viele Besucher kamen im Jahr 2023?",
        "Was hat die Delegation am Freitag besucht?",
        "¿Quién es el alcalde de la ciudad?",
        "¿Cuántos visitantes hubo en 2023?",
        "市長は誰ですか?",
        "いつ訪問しましたか",
        "谁是市长？",
        "Кто мэр города?",
        "Сколько было посетителей?",
    ],
)
def test_a_question_in_a_fourth_language_is_known_as_such(question: str) -> None:
    assert language_of(question) == OTHER


@pytest.mark.parametrize(
    ("question", "language"),
    [("Visite de {} ?", "fr"), ("{} opening hours?", "en"), ("¿Quién es {}?", OTHER), ("{} ?", None)],
)
def test_a_name_that_sounds_foreign_does_not_decide(question: str, language: str | None) -> None:
    assert language_of(question.format("Nieuwbrug Bergwijk"), question.format(" ")) == language


@pytest.mark.parametrize(("kind", "language"), [("fr", "fr"), ("en", "en"), ("ko", "ko"), ("romanised", "ko")])
def test_nearly_all_short_and_noisy_questions_are_heard_in_their_language(kind: str, language: str) -> None:
    path = Path(__file__).parent / "data" / "said" / "language.toml"
    lines = tomllib.loads(path.read_text("utf-8"))[kind].strip().splitlines()
    missed = [line for line in lines if language_of(line) not in {language, None}]
    assert len(missed) <= len(lines) / 10, missed


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Qui est 김민수 ?", "fr"),
        ("What does 안녕 mean?", "en"),
        ("Who is the mayor of 부산?", "en"),
        ("La Fabrique 소개", "ko"),
        ("Smart City 사업", "ko"),
        ("Who is 김민수 누구예요", "ko"),
        ("Where is Tokyo?", "en"),
        ("Is mayo on the menu?", "en"),
    ],
)
def test_a_name_in_another_script_does_not_decide(question: str, language: str | None) -> None:
    assert language_of(question) == language
