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
    assert agreement(asked_moments(question), FRIDAY, MORNING) == -1


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
    ("text", "start", "end"),
    [
        ("오후 2시~4시", 14, 16),
        ("오후 2시 30분부터 4시까지", 14.5, 16),
        ("오후 2:00~3:30", 14, 15.5),
        ("오후 2~4시", 14, 16),
        ("오전 10시~12시", 10, 12),
        ("오전 11시 ~ 1시", 11, 13),
        ("오전 10시 ~ 오후 2시", 10, 14),
        ("9시 ~ 오후 6시", 9, 18),
        ("2-4 pm", 14, 16),
        ("from 2 to 4 p.m.", 14, 16),
        ("2:00-3:30 PM", 14, 15.5),
        ("2:00 – 3:30 PM", 14, 15.5),
        ("11.30-1 pm", 11.5, 13),
        ("10 am - 2 pm", 10, 14),
        ("9-11:30 am", 9, 11.5),
        ("14:00-15:30", 14, 15.5),
    ],
)
def test_both_hours_of_a_span_are_of_the_half_of_the_day_that_is_said_once(text: str, start: float, end: float) -> None:
    assert moments_of(text).hours == ((start, start), (end, end))
    assert asked_moments(text).hours == ((start, end),)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("오후 3시에 무엇을 했나요?", "오후 2시~4시 항구 견학"),
        ("What did they do in the afternoon?", "2:00-3:30 PM Harbour"),
        ("What was on at 2 pm?", "2-4 pm Harbour"),
        ("What was on at 3 pm?", "2-4 pm Harbour"),
    ],
)
def test_an_hour_meets_the_span_that_it_lies_in(question: str, text: str) -> None:
    assert agreement(asked_moments(question), moments_of(text), moments_of(text)) == 1


@pytest.mark.parametrize("text", ["Day 3 - 10 am", "September 3 - 10 am", "Monday 3 – 10 am", "3일 - 오전 10시"])
def test_the_number_of_a_day_before_an_hour_begins_no_span(text: str) -> None:
    assert moments_of(text).hours == ((10, 10),)


@pytest.mark.parametrize("text", ["Friday 2-4 pm", "Friday 2 to 4 pm", "vendredi 14h - 16h", "friday 14:00-16:00"])
def test_an_hour_after_a_weekday_is_no_day_of_the_month(text: str) -> None:
    assert moments_of(text).hours == ((14, 14), (16, 16))
    assert not moments_of(text).days


@pytest.mark.parametrize(
    ("question", "hours"),
    [
        ("What happened at three o'clock in the afternoon?", (15, 15)),
        ("Qu'ont-ils visité à trois heures de l'après-midi ?", (15, 15)),
        ("오후 세 시에 어디에 갔나요?", (15, 15)),
        ("at 7 in the evening", (17, 24)),
        ("à neuf heures du matin", (9, 9)),
        ("between 2:30 pm and 4 pm", (14.5, 16)),
        ("오후 2시에 도착해 4시에 떠났나요?", (14, 16)),
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
    "text",
    [
        *("le 27 septembre", "on September 27", "the 27th of September", "9월 27일", "vendredi 27"),
        *("27 Sep", "Sept. 27", "27 sept.", "27/09/2024", "27.9.2024", "2024-09-27", "2024. 9. 27.", "2024.09.27"),
        *("9. 27.(금)", "27일(금)", "9/27(금)"),
    ],
)
def test_a_day_of_the_month_is_read_in_every_manner(text: str) -> None:
    assert moments_of(text).days == {27}
    assert not moments_of(text).hours


@pytest.mark.parametrize(
    "text",
    ["Wed 5 Mar", "Wed, 5 March", "Wed. Mar 5", "Mer. 5 mars", "mer. 5 mars 2025", "2025. 3. 5.(수)", "5일 (수)"],
)
def test_a_weekday_before_or_after_a_date_may_be_short(text: str) -> None:
    assert moments_of(text).weekdays == {2}
    assert moments_of(text).days == {5}


def test_the_second_day_of_a_korean_span_is_read_too() -> None:
    assert moments_of("2024. 9. 24. ~ 9. 27.").days == {24, 27}


def test_the_short_name_of_a_month_is_no_weekday() -> None:
    assert moments_of("Mar 5, 2025") == moments_of("5 March 2025")


def test_a_date_in_numbers_goes_as_a_whole_but_for_its_year() -> None:
    assert without_moments("Wed 5 Mar 2025").split() == ["2025"]
    assert without_moments("2025-03-05").split() == ["2025-"]
    assert without_moments("2025. 3. 5.(수)").split() == ["2025."]


@pytest.mark.parametrize(
    "text",
    [
        *("4,3 M de visiteurs", "2024", "99 luftballons", "511,000 jobs", "15e arrondissement", ""),
        *("a score of 25/09", "09/25/2024", "2021-2022", "mon 25e voyage", "au bord de la mer", "sat 3 chairs apart"),
        *("개수(수)", "월 3회", "버전 1.2.3"),
    ],
)
def test_other_numbers_are_no_moments(text: str) -> None:
    assert not moments_of(text)


def test_a_question_that_says_nothing_of_when_agrees_with_all_alike() -> None:
    assert agreement(asked_moments("Qui est le maire ?"), FRIDAY, MORNING) == 0


def test_days_are_taken_out_of_what_is_searched_by_words() -> None:
    assert without_moments("Que visite-t-on vendredi matin ?").split() == ["que", "visite-t-on", "?"]
