"""Days and hours: a question's "Friday morning" meets a programme's "Vendredi 27, 10h00"."""

import pytest

from askmission.moments import agreement, asked_moments, moments_of, without_moments

FRIDAY = moments_of("Vendredi 27 | D.D.P. et District de Guro")
MORNING, EVENING = moments_of("10h00 - 11h30 Visite"), moments_of("18h00 - 21h00 Fête")


@pytest.mark.parametrize(
    "question", ["vendredi matin ?", "What did they visit on Friday morning?", "금요일 오전에 어디에 갔나요?"]
)
def test_friday_morning_meets_friday_at_ten_in_any_language(question: str) -> None:
    asked = asked_moments(question)
    assert agreement(asked, FRIDAY, MORNING) == 1
    assert agreement(asked, FRIDAY, EVENING) < 1


@pytest.mark.parametrize("question", ["jeudi matin", "Thursday morning", "목요일 아침"])
def test_another_day_contradicts(question: str) -> None:
    assert agreement(asked_moments(question), FRIDAY, MORNING) < 1


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("10h30", 10.5),
        ("10h", 10),
        ("10:30", 10.5),
        ("2 pm", 14),
        ("12 a.m.", 0),
        ("오후 2시", 14),
        ("14시", 14),
        ("9:30 am", 9.5),
        ("2:30 pm", 14.5),
        ("5.30 p.m.", 17.5),
        ("at 3 o'clock", 3),
        ("à 10 heures", 10),
        ("vers 14 heures 30", 14.5),
        ("오후 5시 30분에", 17.5),
        ("17시 반", 17.5),
        ("3시의 일정", 3),
    ],
)
def test_an_hour_is_read_in_every_manner(text: str, hour: float) -> None:
    assert (hour, hour) in moments_of(text).hours


@pytest.mark.parametrize(
    ("question", "hours"),
    [
        ("What happened at three o'clock in the afternoon?", (15, 15)),
        ("Qu'ont-ils visité à trois heures de l'après-midi ?", (15, 15)),
        ("오후 세 시에 어디에 갔나요?", (15, 15)),
        ("at 7 in the evening", (17, 24)),
        ("à neuf heures du matin", (9, 9)),
        ("between 2:30 pm and 4 pm", (14.5, 16)),
    ],
)
def test_the_part_of_the_day_says_which_half_an_hour_is_of(question: str, hours: tuple[float, float]) -> None:
    assert asked_moments(question).hours == (hours,)


@pytest.mark.parametrize(
    "text", ["4일 동안 무엇을 방문했나요?", "une visite de 3 heures", "il y a 3 heures", "14시군이 참여했다"]
)
def test_how_long_or_how_many_is_no_moment(text: str) -> None:
    assert not asked_moments(text)


@pytest.mark.parametrize(
    "text", ["le 27 septembre", "on September 27", "the 27th of September", "9월 27일", "vendredi 27"]
)
def test_a_day_of_the_month_is_read_in_every_manner(text: str) -> None:
    assert moments_of(text).days == {27}


@pytest.mark.parametrize(
    "text", ["4,3 M de visiteurs", "2024", "99 luftballons", "511,000 jobs", "15e arrondissement", ""]
)
def test_other_numbers_are_no_moments(text: str) -> None:
    assert not moments_of(text)


def test_a_question_that_says_nothing_of_when_agrees_with_all_alike() -> None:
    assert agreement(asked_moments("Qui est le maire ?"), FRIDAY, MORNING) == 0


def test_days_are_taken_out_of_what_is_searched_by_words() -> None:
    assert without_moments("Que visite-t-on vendredi matin ?").split() == ["que", "visite-t-on", "?"]
