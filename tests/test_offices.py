"""Offices: a name beside the words asked for tells who holds an office; other words between them do not."""

import pytest

from askmission.lexical import content_tokens
from askmission.names import Name, NameFinder
from askmission.offices import names_holder

FINDER = NameFinder([Name(kind="person", fr=("Ana CORVIN",), en=("Ana CORVIN",), ko=("아나 코르빈",))])


def held(question: str, text: str, language: str) -> bool:
    return names_holder(text, language, set(content_tokens(question, language)), FINDER)


@pytest.mark.parametrize(
    ("question", "text", "language"),
    [
        ("Qui est le maire de Tallow ?", "9 h Entretien avec M. MOREL, Jean-Paul Maire de Tallow, puis visite", "fr"),
        ("Qui est la maire de Tallow ?", "Marie-Ange LE GOFF, maire de Tallow", "fr"),
        ("Qui est le maire d'Ancy-les-Ormes ?", "Marie-Ange LE GOFF, Maire d’Ancy-les-Ormes", "fr"),
        ("Qui est le maire de l’Hermière ?", "M. Jean-Paul MOREL, maire de l'Hermière", "fr"),
        ("Who is the mayor of Stoke-by-Wye?", "Ana CORVIN, Mayor of Stoke-by-Wye", "en"),
        ("Who is the mayor of Tallow?", "Meeting with Mr JUN, Sung-soo, Mayor of Tallow", "en"),
        ("Who is the mayor of Tallow?", "The Mayor of Tallow, Ana Corvin, opened it.", "en"),
        ("탤로 시장은 누구인가요?", "아나 코르빈 탤로 시장 면담", "ko"),
        ("탤로 시장이 누구예요?", "마르크 들로름(Marc DELORME), 탤로 시장", "ko"),
    ],
)
def test_a_name_beside_the_office_tells_who_holds_it(question: str, text: str, language: str) -> None:
    assert held(question, text, language)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Qui est le maire de Tallow, s'il vous plaît ?", "fr"),
        ("Bonsoir Monsieur, qui est le maire de Tallow ? Merci d'avance.", "fr"),
        ("Quel est le nom du maire de Tallow ?", "fr"),
        ("Qui est Monsieur le maire de Tallow ?", "fr"),
        ("Good morning, I'd like to know who the mayor of Tallow is. Thank you", "en"),
        ("whos the mayor of Tallow", "en"),
        ("What is the name of the mayor of Tallow?", "en"),
        ("안녕하세요, 탤로 시장님 성함 좀 알려주실 수 있나요?", "ko"),
        ("탤로 시장이 누군가요? 감사합니다.", "ko"),
        ("탤로 시장 이름이 뭐예요?", "ko"),
    ],
)
def test_politeness_asks_for_no_other_office(question: str, language: str) -> None:
    text = {"fr": "Ana CORVIN, Maire de Tallow", "en": "Ana CORVIN, Mayor of Tallow", "ko": "아나 코르빈 탤로 시장"}
    assert held(question, text[language], language)


@pytest.mark.parametrize(
    ("question", "text", "language"),
    [
        ("Qui est le maire de Tallow ?", "Marie-Ange LE GOFF, adjointe au maire de Tallow", "fr"),
        ("Qui est le maire de Tallow ?", "Déjeuner offert par le Maire de Tallow", "fr"),
        ("Qui est le maire de Tallow ?", "Marie-Ange LE GOFF, maire de Bréval", "fr"),
        ("Qui est le maire d'Ancy-les-Ormes ?", "Marie-Ange LE GOFF, ex-maire d'Ancy-les-Ormes", "fr"),
        ("Qui est le maire d'Ancy-les-Ormes ?", "Marie-Ange LE GOFF, maire d'Ancy-les-Bois", "fr"),
        ("Who is the mayor of Tallow?", "Eui Sik EUM, Deputy Mayor of Tallow: presented the exchanges", "en"),
        ("Who is the mayor of Tallow?", "Mr CORVIN, Deputy Mayor of Tallow", "en"),
        ("Who is the mayor of Tallow?", "The Mayor of Tallow met Ana Corvin.", "en"),
        ("탤로 시장은 누구인가요?", "아나 코르빈 탤로 부시장", "ko"),
        ("Who is Tallow's mayor?", "Ana Corvin, deputy mayor of Tallow: Marc DELORME agreed", "en"),
        ("Who is Ana Corvin?", "Ana Corvin and Marc DELORME", "en"),
        ("Who?", "Ana Corvin", "en"),
    ],
)
def test_another_office_or_other_words_between_do_not(question: str, text: str, language: str) -> None:
    assert not held(question, text, language)
