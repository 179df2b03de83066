"""What the reader makes of a report, for any mission."""

import html
import itertools
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from askmission.errors import CorpusError
from askmission.missions import Mission, MissionFolder, Names, Part, open_corpus
from askmission.reading import Passage, read_report
from askmission.text import clean, sentences
from askmission.views import views_of
from conftest import CORPUS, ENGLISH, KOREAN, TINY

MISSIONS = [*open_corpus(CORPUS), *open_corpus(TINY)]
THREE = Names(fr="x", en="x", ko="x")

# Markup as people know it, written without a look at the reader.
MARKUP = re.compile(
    r"^[ \t]*(?:>[ \t]?)+"  # quotations
    r"|^[ \t]*\#{1,6}(?=[ \t]|$)"  # headings
    r"|^[ \t]*(?:[-*+]|\d{1,9}[.)])(?=[ \t])"  # items
    r"|^[ \t]*(?:[-*_][ \t]*){3,}$"  # rules
    r"|^[ \t]*\|?[ \t:|-]*-[ \t:|-]*\|?[ \t]*$"  # the dashes of a table
    r"|\\(?=[!-/:-@\[-`{-~])"  # escapes
    r"|(?<=\])\([^()\s]*(?:[ ]\"[^\"]*\")?\)"  # link targets
    r"|[\[\]]|<(?=https?:)|(?<=\S)>(?!\w)"  # links and autolinks
    r"|(?<!\\)\*+|(?<!\\)(?<!\w)_+|(?<!\\)_+(?!\w)",  # emphasis
    re.MULTILINE,
)
TABLE_BAR = re.compile(r"(?<!\\)\|")


def markup(report: str) -> set[int]:
    """Return the places of a report's characters that are marks."""
    places = {place for found in MARKUP.finditer(report) for place in range(*found.span())}
    for line in re.finditer(r"^[ \t]*\|.*$", report, re.MULTILINE):
        places.update(line.start() + bar.start() for bar in TABLE_BAR.finditer(line.group()))
    return places


def plain(report: str, start: int, end: int) -> str:
    """Return what a reader of the page sees of a stretch of the report, white space folded."""
    marks = markup(report)
    seen = "".join(report[place] for place in range(start, end) if place not in marks)
    return " ".join(html.unescape(seen).split())


def of(mission: str) -> list[Passage]:
    return read_report(next(folder for folder in MISSIONS if folder.mission.id == mission))


def read(report: str, *parts: Part) -> list[Passage]:
    mission = Mission(
        id="any", language="en", start=date(2020, 1, 1), end=date(2020, 1, 2), authors=("x",), title=THREE, place=THREE,
        parts=parts,
    )  # fmt: skip
    return read_report(MissionFolder(mission=mission, folder=Path("any"), report=clean(report)))


def texts(passages: list[Passage]) -> list[str]:
    return [unit.text for passage in passages for unit in passage.units]


every_mission = pytest.mark.parametrize("folder", MISSIONS, ids=lambda folder: folder.mission.id)


@every_mission
def test_every_character_of_the_report_belongs_to_exactly_one_unit(folder: MissionFolder) -> None:
    report, marks = folder.report, markup(folder.report)
    owners = [0] * len(report)
    for passage in read_report(folder):
        for unit in passage.units:
            for place in range(unit.start, unit.end):
                owners[place] += 1
    wanting = [
        place for place, char in enumerate(report) if not char.isspace() and place not in marks and not owners[place]
    ]
    assert not wanting, f"in no unit: {[report[max(0, place - 30) : place + 10] for place in wanting[:5]]}"
    assert max(owners) == 1


@every_mission
def test_the_place_of_a_unit_holds_its_words(folder: MissionFolder) -> None:
    for passage in read_report(folder):
        for unit in passage.units:
            assert plain(folder.report, unit.start, unit.end) == unit.text


@every_mission
def test_units_stand_in_the_reports_order_and_do_not_overlap(folder: MissionFolder) -> None:
    units = [unit for passage in read_report(folder) for unit in passage.units]
    assert all(unit.start < unit.end for unit in units)
    assert all(before.end <= after.start for before, after in itertools.pairwise(units))


@every_mission
def test_each_passage_has_an_address_of_its_own(folder: MissionFolder) -> None:
    ids = [passage.id for passage in read_report(folder)]
    assert len(set(ids)) == len(ids)
    assert all(one.startswith(f"{folder.mission.id}/") for one in ids)


@every_mission
def test_no_unit_is_a_page_long(folder: MissionFolder) -> None:
    assert max(len(text) for text in texts(read_report(folder))) < 700


def test_a_paragraph_of_a_speech_knows_who_speaks() -> None:
    speeches = {p.units[0].text: p.speaker for p in of(KOREAN) if p.kind == "paragraph"}
    assert speeches["해담시는 2011년부터 브레발과 자매결연을 맺고 있습니다."] == "윤가람, 해담시 부시장"
    assert speeches["저희를 따뜻하게 맞아 주셔서 고맙습니다."] == "윤가람, 해담시 부시장"
    assert speeches["브레발의 등대는 1847년에 세워졌습니다."] == "Odile MARCHAND, 브레발 시장"
    assert speeches["해담시 대표단은 2023년 5월에 브레발을 방문하였다."] is None


@pytest.mark.parametrize(
    ("report", "heading", "surroundings"),
    [
        ("# Journey\n\nWe left.\n\n## Day 1: Quay\n\nIt rained.\n\n### Noon\n\nWe ate.", "", ""),
        ("# Day 1: Quay\n\nWe left.\n\n# Day 2: Pier\n\nIt rained.", "Day 1: Quay", "Day 1: Quay"),
        ("Foreword\n\n# Day 1: Quay\n\nWe left.", "Day 1: Quay", "Day 1: Quay"),
        ("## Day 1: Quay\n\nWe left.\n\n# Annex\n\nNothing.", "Day 1: Quay", "Day 1: Quay"),
    ],
)
def test_only_the_title_of_the_whole_report_says_nothing_of_a_passage(
    report: str, heading: str, surroundings: str
) -> None:
    left = next(p for p in read(report) if p.units[0].text == "We left.")
    view = views_of(left, ())["en"]
    assert view.heading == heading
    assert view.surroundings.strip(" |") == surroundings


def test_a_speaker_is_silent_after_the_next_heading() -> None:
    assert next(p for p in of(KOREAN) if p.units[0].text == "대표단이 찾은 기관은 다음과 같다:").speaker is None


def test_a_remark_of_the_debate_has_its_own_speaker() -> None:
    remarks = [p for p in of(ENGLISH) if p.kind == "remark"]
    assert [p.speaker for p in remarks] == ["Ngaio Pryce, warden of the colony", "Tom Abara, treasurer of Northmoor"]


def test_the_real_debate_is_cut_into_remarks_that_know_their_speakers() -> None:
    debate = [p for p in read_report(MISSIONS[0]) if p.kind == "remark"]
    assert len(debate) == 7
    assert all(p.speaker and p.speaker in p.units[0].text for p in debate)


def test_a_row_knows_its_day_and_its_column_names() -> None:
    row = next(p for p in of(KOREAN) if p.kind == "row")
    assert row.context == ("5월 10일 수요일", "장소", "내용")
    assert [unit.text for unit in row.units] == ["09:00 - 11:00", "등대 박물관", "렌즈 수리 작업장 견학"]
    assert row.columns == (0, 1, 2)


@pytest.mark.parametrize(
    ("mission", "words", "inherited"),
    [
        (KOREAN, "등대지기 기록 보관소 견학", ("09:00 - 11:00", "등대 박물관")),
        (ENGLISH, "Walk with the warden", ("9:30 am",)),
        (MISSIONS[0].mission.id, "Visite du Lycée français de Séoul", ("14h00 - 17h00", "Visites de terrain à Seocho")),
    ],
)
def test_a_row_that_continues_the_one_above_has_its_hour_and_title(
    mission: str, words: str, inherited: tuple[str, ...]
) -> None:
    row = next(p for p in of(mission) if p.kind == "row" and any(u.text.startswith(words) for u in p.units))
    assert set(inherited) <= set(row.context)
    assert 0 not in row.columns


def test_a_row_with_an_hour_of_its_own_inherits_nothing() -> None:
    row = next(p for p in of(KOREAN) if p.kind == "row" and p.units[0].text == "14:00 - 16:00")
    assert "09:00 - 11:00" not in row.context


def test_a_row_that_continues_another_inherits_only_what_it_lacks() -> None:
    rows = ["| Hour | Place | Host | What |", "| - | - | - | - |", "| 9h | City Hall | Ann | Welcome |"]
    rows += ["|  | Museum |  | Visit |", "|  |  | Bob | Talk |", "|  |  |  | Lunch |", "| 14h |  |  | Rest |"]
    found = [p for p in read("\n".join(rows)) if p.kind == "row"]
    assert [p.context[4:] for p in found] == [(), ("9h",), ("9h", "Museum"), ("9h", "Museum", "Bob"), ()]


def test_an_escaped_bar_does_not_end_a_cell() -> None:
    assert "Welcome by the board | coffee" in texts(of(ENGLISH))


def test_a_line_with_a_colon_and_its_list_are_one_passage() -> None:
    listed = next(p for p in of(KOREAN) if p.kind == "list")
    assert [u.text for u in listed.units] == [
        "대표단이 찾은 기관은 다음과 같다:",
        "등대 박물관",
        "굴 양식장",
        "시립 도서관",
    ]


def test_a_slide_is_one_passage_with_its_title_below_its_part() -> None:
    slides = [p for p in of(ENGLISH) if p.kind == "slide"]
    assert [unit.text for unit in slides[1].units] == [
        "Ferry", "3 crossings a day", "2 boats", "one built in 1961", "one built in 2004",
    ]  # fmt: skip
    assert all(p.trail[:2] == ("ANNEX", "Slides shown by the harbour board") for p in slides)


def test_a_rule_between_slides_ends_the_title_of_the_one_before() -> None:
    after = next(p for p in of(ENGLISH) if p.units[0].text == "1,150 inhabitants")
    assert "Ferry" not in after.trail
    assert "Tallow Bay at a glance" in after.trail


def test_a_line_of_a_real_slide_is_understood_with_the_regions_name() -> None:
    slide = next(p for p in read_report(MISSIONS[0]) if "9 sites on UNESCO's World Heritage List" in texts([p]))
    assert "La Région Auvergne-Rhône-Alpes" in slide.trail
    assert slide.language == "en"


def test_a_table_of_contents_is_kept_but_not_searched() -> None:
    assert [p.units[0].text for p in of(ENGLISH) if not p.searched] == ["Contents", "Penguins"]


def test_a_title_before_a_name_ends_no_sentence() -> None:
    assert "Mrs. Ngaio Pryce keeps the penguin colony." in texts(of(ENGLISH))


@pytest.mark.parametrize(
    "text",
    [
        "2024. 9. 25.(수) 오전에 시청을 방문하였다.",
        "기간: 2024. 9. 24. ~ 9. 27.",
        "2024. 9월 개관.",
        "시장은 “환영합니다.”라고 말했다.",
        "‘정말입니까?’라는 질문이 나왔다.",
        "“네.” 하고 답했다.",
    ],
)
def test_an_official_date_and_words_repeated_within_a_korean_sentence_do_not_end_it(text: str) -> None:
    assert sentences(text, "ko") == [(0, len(text))]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The crossing takes approx. 30 minutes."),
        ("en", "Seven people, incl. Ms. Pryce, went."),
        ("en", "They sail on Wed. 25 September."),
        ("fr", "La Rép. de Corée compte des musées."),
        ("fr", "Mgr. Paul et Prof. Lee étaient là."),
        ("fr", "Mer. 25 sept. 2024, visite du port."),
        ("fr", "Le port ouvre dim. 13 janv. 2025."),
    ],
)
def test_an_abbreviation_ends_no_sentence(language: str, text: str) -> None:
    assert sentences(text, language) == [(0, len(text))]


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("ko", "도서관은 2024.", "다음은 수영장이다."),
        ("ko", "“환영합니다.”", "며칠 뒤 문을 열었다."),
        ("en", "The pier dates from 2024.", "12 boats lie there."),
        ("fr", "La jetée date de 2024.", "12 bateaux y dorment."),
        ("fr", "Le port donne sur la mer.", "Sept bateaux y dorment."),
    ],
)
def test_a_sentence_may_end_in_a_year_in_words_repeated_or_in_what_looks_abbreviated(
    language: str, first: str, second: str
) -> None:
    assert sentences(f"{first} {second}", language)[0] == (0, len(first))


def test_marks_do_not_show_in_what_is_quoted() -> None:
    shown = texts(of(ENGLISH))
    assert "Penguins & people share the old quay." in shown
    assert any("640 birds* and" in text for text in shown)
    assert any(text.endswith("or the colony's page.") for text in shown)


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("*윤가람, 부시장(副市長)*은 감사했다.", "윤가람, 부시장(副市長)은 감사했다."),
        (
            "**「등대 포럼」**은 **‘굴 축제’**와 **50%**는 (*새로*) 열렸다.",
            "「등대 포럼」은 ‘굴 축제’와 50%는 (새로) 열렸다.",
        ),
        ("***“등대”***의 날은 “**굴**”의 날이다.", "“등대”의 날은 “굴”의 날이다."),
        ("**[등대](http://a.b)**가 (**굴**)이 `*(등대)*`와 다르다.", "등대가 (굴)이 *(등대)*와 다르다."),
        ("등대**(燈臺)**는 굴**「석화」**와 다르다.", "등대(燈臺)는 굴「석화」와 다르다."),
    ],
)
def test_emphasis_ends_before_a_korean_particle(marked: str, plain: str) -> None:
    assert texts(read(f"# Light\n\n{marked}")) == ["Light", plain]


def test_who_speaks_is_known_before_a_korean_particle() -> None:
    remark, _, paragraph = read("- *윤가람(부시장)*은 감사했다.\n\n## *윤가람(부시장)*의 인사말\n\n반갑습니다.")
    assert {remark.speaker, paragraph.speaker} == {"윤가람(부시장)"}


def test_a_comment_is_not_read_and_a_line_break_keeps_words_apart() -> None:
    report = "# Ferry <!-- check -->\n\n<!-- ask\n\nAnn -->\n\nTwo<br>boats <!-- or three? -->run <b>daily</b>.\n"
    units = [unit for passage in read(report) for unit in passage.units]
    assert [unit.text for unit in units] == ["Ferry", "Two boats run <b>daily</b>."]
    assert (units[1].start, units[1].end) == (report.index("Two"), len(report.rstrip()))


def test_a_cell_is_found_behind_the_comment_or_the_link_of_the_one_before() -> None:
    report = "| Hour | Place |\n| - | - |\n| <!-- Pier? --> | Pier |\n| [9h](http://Quay) | Quay |\n"
    units = [unit for passage in read(report) for unit in passage.units]
    assert [unit.start for unit in units if unit.text in {"Pier", "Quay"}] == [
        report.index("| Pier") + 2,
        report.index("| Quay") + 2,
    ]


def test_a_report_that_is_all_markup_is_refused_in_one_line() -> None:
    with pytest.raises(CorpusError, match=r"report\.md: no text in it") as caught:
        read("---\n\n***\n")
    assert "\n" not in str(caught.value)


# Any text

WORD = st.sampled_from(
    [
        "alpha",
        "Beta2",
        "été",
        "세종시",
        "한",
        "\u1112\u1161\u11ab",
        "ᄒ",
        "漢字",
        "42",
        "x",
        "naïve",
        "Œuvre",
        "ﬁn",
        "Ⅳ",
        "e\u0301a",
    ]
)
SPICE = st.sampled_from(
    [
        "😀",
        "👩‍👩‍👧",
        "\u200b",
        "\u202e",
        "\ufeff",
        "\x00",
        "&amp;",
        "&#35;",
        "&nosuch;",
        "&",
        "\\*",
        "\\|",
        "\\\\",
        "\\",
        "`",
        "``",
        "*",
        "**",
        "_",
        "~~",
        "[",
        "]",
        "(",
        ")",
        "![",
        "](u)",
        "<",
        ">",
        "<b>",
        "</b>",
        "<!--",
        "-->",
        "|",
        "#",
        ":",
        "  ",
        "\t",
        "\xa0",
        "\u3000",
        "\r",
        "\u2028",
        "<https://a.b/c?d=e&f>",
        "[a](http://b.c)",
        "![p](q.png)",
        "[a]: http://b.c",
        "- ",
        "1. ",
        "> ",
        "---",
        "```",
        "~~~",
        "    ",
        "| a | b |",
        "| - | - |",
        "# ",
        "====",
        "$x$",
        "…",
        "«\u202fa\u202f»",
    ]
)
SOUP = st.lists(
    st.one_of(WORD, SPICE, st.sampled_from([" ", "\n", "\n\n"]), st.text(max_size=6)), min_size=1, max_size=30
).map("".join)

PHRASE = st.lists(WORD, min_size=1, max_size=4).map(" ".join)


def wrapped(pattern: str) -> st.SearchStrategy[tuple[str, str]]:
    """Return fragments of a pattern (`~` stands for words) with the words that must not be lost."""
    count = pattern.count("~")

    def filled(phrases: list[str]) -> tuple[str, str]:
        parts = pattern.split("~")
        return "".join(a + b for a, b in zip(parts, [*phrases, ""], strict=True)), " ".join(phrases)

    return st.lists(PHRASE, min_size=count, max_size=count).map(filled)


BLOCK = st.one_of(
    *map(
        wrapped,
        [
            "~",
            "~, ~. ~! ~?",
            "# ~",
            "### *~*, ~",
            "~\n===",
            "~\n---",
            "- ~\n- ~",
            "1. ~\n2. *~* : ~",
            "- ~\n  - ~\n    - ~\n- ~",
            "- ~\n\n  ~\n\n  ~",
            "- ~\n\t~",
            "> - ~\n>\t\t`~\n>\t\t~`",
            "> ~\n> ~",
            "> - ~\n>\n> ~",
            "> > ~",
            "```\n~\n~\n```",
            "    ~\n    ~",
            "````\n~\n````",
            "| ~ | ~ |\n| - | - |\n| ~ | ~ |\n|  | ~ |",
            "| ~ |\n| - |\n| ~ \\| ~ |",
            "~ | ~\n- | -\n~ | ~",
            "**~** ~ *~*",
            "***~***",
            "~ `~` ~",
            "~ `~\n~` ~",
            "[~](http://a.b/c)",
            '[~](<http://a.b/c d> "t") ~',
            "![~](p.png) ~",
            "[![~](p.png)](http://a.b) ~",
            "[~][r] ~",
            "~ &amp; ~ &eacute;",
            "~\\* ~\\# \\[~\\]",
            "~  \n~\\\n~",
            "<b>~</b> ~",
            "<!-- a note --> ~ <!-- of\nmine --> ~",
            "~\n\n<!-- a note\n\n- of mine -->\n\n~",
            "- ~\n  <!--\n\n  a note\n  -->\n- ~",
            "<!-- ~\n\n~",
            "~ `<!-- ~ -->`",
            "~<br>~ <br />~",
            "| ~<br/>~ |\n| - |\n| ~<!-- a note --> |",
            "<div>\n~\n</div>",
            "\\| ~ \\|",
            "- | ~ | ~ |\n  | - | - |\n  | ~ | ~ |",
            "- # ~\n- > ~",
            "~ \u200b~ 😀 ~",
            "---\n~",
            "~ <https://a.b/c> ~",
            "- \n- ~",
            "[ ] ~",
            "1) ~\n\n   ```\n   ~\n   ```",
        ],
    )
)


def check_places(passages: list[Passage], report: str) -> None:
    units = [unit for passage in passages for unit in passage.units]
    assert all(0 <= unit.start < unit.end <= len(report) for unit in units)
    assert all(before.end <= after.start for before, after in itertools.pairwise(units))
    assert all(unit.text for unit in units)


quick = settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None, derandomize=True
)
SLIDES = Part(first="slides", slides=True)


def test_what_ends_a_line_on_slides_and_pages_keeps_words_apart() -> None:
    assert clean("one\x0btwo\x0cthree\x85four\u2028five").split() == ["one", "two", "three", "four", "five"]


@quick
@given(SOUP, st.booleans())
def test_no_text_whatever_stops_the_reader(soup: str, slides: bool) -> None:
    report = f"# slides\n\n{soup}"
    check_places(read(report, *([SLIDES] if slides else [])), clean(report))


@quick
@given(st.lists(BLOCK, min_size=1, max_size=4), st.booleans())
def test_no_word_of_any_report_is_lost(blocks: list[tuple[str, str]], slides: bool) -> None:
    report = "# slides\n\n" + "\n\n".join(block for block, _ in blocks) + "\n\n[r]: http://a.b\n"
    passages = read(report, *([SLIDES] if slides else []))
    check_places(passages, clean(report))
    shown = "".join(char for text in texts(passages) for char in text if char.isalnum())
    at = 0
    for _, words in blocks:
        for word in clean(words).split():
            letters = "".join(char for char in word if char.isalnum())
            found = shown.find(letters, at)
            assert found >= 0, f"lost '{word}' in {texts(passages)}"
            at = found + len(letters)
