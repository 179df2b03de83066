"""Numbers are the same number however a language writes them."""

import pytest

from askmission.quantities import lacking, quantities


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("4,3 M de visiteurs", "4.3 million visitors"),
        ("4.3 million visitors", "방문객 430만 명"),
        ("511 000 emplois", "511,000 jobs"),
        ("511,000 jobs", "일자리 51만 1,000개"),
        ("50 millions d'habitants", "인구 5천만 명"),
        ("2 million euros", "2백만 유로"),
        ("120 million won", "1억 2천만 원"),
        ("€ 270 bn", "2,700억 유로"),
        ("plus de 270 Md€", "+ € 270 bn"),
        ("€ 7+ billion", "7 milliards d'euros"),
        ("09h00 - 10h00", "09:00 - 10:00"),
        ("le 75e anniversaire", "75주년"),
        ("2024.9.25.", "25.09.2024"),
        ("2024.9. ~ 2025.3.", "9/2024 - 3/2025"),
        ("1 234,5 km", "1,234.5 km"),
        ("1.234.567,5 t", "1 234 567.5 t"),
        ("2천5백 명", "2,500 visitors"),
        ("3백5십 명", "350 people"),
        ("3천5백만 원", "35 million won"),
        ("1억 3천5백만 원", "KRW 135m"),
        ("15조 3천억 원", "15.3 trillion won"),
        ("15조 원", "15 billions de wons"),
        ("1조 원", "1 billion de wons"),
        ("$2 billion", "2 milliards de dollars"),
        ("une tour de 63 m", "63m의 탑"),
        ("une tour de 63 m", "a tower of 63 metres"),
        ("15 mn de marche", "15 minutes' walk"),
        ("15 mn d'euros", "€15m"),
        ("15 M€", "1천5백만 유로"),
    ],
)
def test_two_ways_of_writing_one_number(one: str, other: str) -> None:
    assert quantities(one) == quantities(other)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("En 2021-2022, 3 villes", {2021.0, 2022.0, 3.0}),
        ("1924 Chamonix", {1924.0}),
        ("no number", set()),
        ("une note de 4,6 sur 5", {4.6, 5.0}),
    ],
)
def test_the_values_of_a_text(text: str, values: set[float]) -> None:
    assert quantities(text) == values


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("4,3 M", "43만"),
        ("2024.9.25.", "25 septembre 2025"),
        ("3천5백만 원", "35 thousand won"),
        ("3천5백만 원", "5 million won"),
        ("15조 원", "15 billion won"),
        ("1 234,5 km", "12,345 km"),
        ("€15m", "15 m"),
        ("2천5백 명", "2,005 visitors"),
    ],
)
def test_a_wrong_number_is_another_number(one: str, other: str) -> None:
    assert quantities(one) != quantities(other)


@pytest.mark.parametrize(
    ("source", "target", "language"),
    [
        ("2024.9.25.", "le 25 septembre 2024", "fr"),
        ("9월", "Sept.", "en"),
        ("2024년 9월", "sept. 2024", "fr"),
        ("12월 3일", "3 Dec 2024", "en"),
        ("직원 5명", "five staff", "en"),
        ("2일 일정", "a two-day programme", "en"),
        ("제3회", "la troisième édition", "fr"),
        ("3 villes et 2 musées", "세 도시와 두 곳의 박물관", "ko"),
        ("14h00", "오후 2시", "ko"),
        ("le 25 septembre à 14h30", "9월 25일 오후 2시 반", "ko"),
        ("14h00 – 17h00", "오후 2시~5시", "ko"),
        ("10h00 – 14h00", "오전 10시 ~ 오후 2시", "ko"),
        ("오후 2시", "at 2 p.m.", "en"),
    ],
)
def test_a_right_translation_lacks_no_number(source: str, target: str, language: str) -> None:
    assert lacking(source, target, language) == set()


@pytest.mark.parametrize(
    ("source", "target", "language", "numbers"),
    [
        ("2024.9.25.", "le 26 septembre 2024", "fr", {25.0}),
        ("2024.9.25.", "le 25 octobre 2024", "fr", {9.0}),
        ("9월", "sept villes", "fr", {9.0}),
        ("직원 7명", "five staff", "en", {7.0}),
        ("직원 1명", "une équipe", "fr", {1.0}),
        ("7 villes", "dix-sept villes", "fr", {7.0}),
        ("2 villes", "twenty-two cities", "en", {2.0}),
        ("3 villes", "세종의 도시", "ko", {3.0}),
        ("14h00", "오후 3시", "ko", {14.0}),
        ("2 villes, à 14h00", "여러 도시, 14시", "ko", {2.0}),
        ("le 25 septembre à 14h00", "9월 26일 오후 2시", "ko", {25.0}),
        ("4,3 M de visiteurs à 14h00", "오후 2시, 방문객 4.3명", "ko", {4.3e6}),
    ],
)
def test_a_lost_number_is_told(source: str, target: str, language: str, numbers: set[float]) -> None:
    assert lacking(source, target, language) == numbers
