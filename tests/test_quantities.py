"""Numbers are the same number however a language writes them."""

import pytest

from askmission.quantities import quantities


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


def test_a_wrong_number_is_another_number() -> None:
    assert quantities("4,3 M") != quantities("43만")
