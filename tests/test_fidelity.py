"""Whether a lost or an added word is found and named."""

import random
import time
from pathlib import Path

import pytest

from askmission.checks import check_corpus
from askmission.fidelity import Difference, differences
from askmission.missions import open_corpus
from askmission.reading import read_report
from conftest import CORPUS, KOREAN, TINY


def compared(corpus: Path) -> list[Difference]:
    folder = next(folder for folder in open_corpus(corpus) if folder.mission.id == KOREAN)
    return differences(folder, read_report(folder))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize("folder", [*open_corpus(CORPUS), *open_corpus(TINY)], ids=lambda folder: folder.mission.id)
def test_the_report_has_the_words_of_the_file_as_received(folder) -> None:
    assert [str(difference) for difference in differences(folder, read_report(folder))] == []


def test_a_lost_word_is_named_with_its_line(tiny_corpus: Path) -> None:
    edit(tiny_corpus / KOREAN / "report.md", "모두 일곱 명", "일곱 명")
    (difference,) = compared(tiny_corpus)
    assert (difference.lost, difference.added, difference.line) == ("모두", "", 4)
    assert "source.md:4:" in str(difference)
    assert "lost '모두'" in str(difference)


def test_an_added_word_is_named_with_its_line(tiny_corpus: Path) -> None:
    edit(tiny_corpus / KOREAN / "report.md", "1847년에", "1847년 봄에")
    (difference,) = compared(tiny_corpus)
    assert "봄에" in difference.added
    assert difference.line == 12
    assert "source.md:12:" in str(difference)
    assert "\n" not in str(difference)


def test_two_words_that_changed_places_are_found(tiny_corpus: Path) -> None:
    edit(tiny_corpus / KOREAN / "report.md", "두 도시는 해마다", "해마다 두 도시는")
    assert compared(tiny_corpus)


def test_a_lost_last_word_is_named(tiny_corpus: Path) -> None:
    edit(tiny_corpus / KOREAN / "report.md", "해담시를 방문할 예정이다.", "해담시를 방문할 예정")
    assert [difference.line for difference in compared(tiny_corpus)] == [25]


def test_what_is_rightly_dropped_is_no_difference_but_what_is_not_listed_is(tiny_corpus: Path) -> None:
    edit(tiny_corpus / KOREAN / "mission.toml", r'pattern = "^- \\d+ -$"', r'pattern = "^nothing$"')
    assert [difference.lost for difference in compared(tiny_corpus)] == ["- 1 -", "- 2 -"]


def test_a_mission_received_as_no_text_file_is_not_compared(tiny_corpus: Path) -> None:
    (tiny_corpus / KOREAN / "source.md").rename(tiny_corpus / KOREAN / "source.pdf")
    assert compared(tiny_corpus) == []


def test_the_check_of_the_corpus_names_file_and_line(tiny_corpus: Path) -> None:
    edit(tiny_corpus / KOREAN / "report.md", "모두 일곱 명", "일곱 명")
    (problem,) = [line for line in check_corpus(tiny_corpus).problems if "lost" in line]
    assert f"{KOREAN}/source.md:4:" in problem


MARKED = """# 견학 보고

서문이다.
**등대**는 높다, 2. *렌즈*도 [크다](https://example.org/2024).

1. 등대 박물관
2. 굴 양식장

| 시간 | 장소 |
| --- | --- |
| 09:00 | 등대 \\| 항구 |

> 맺음말 &amp; 인사
"""


def received(corpus: Path, source: str, report: str) -> list[Difference]:
    folder = corpus / KOREAN
    (folder / "source.md").write_text(source, "utf-8")
    (folder / "report.md").write_text(report, "utf-8")
    return compared(corpus)


def test_a_source_in_markdown_is_read_as_the_report_is(tiny_corpus: Path) -> None:
    assert received(tiny_corpus, MARKED, MARKED) == []
    assert received(tiny_corpus, MARKED.replace("# 견학", "견학").replace("**", ""), MARKED) == []
    assert received(tiny_corpus, "1. 2곳\n2. 3곳\n", "1. 2곳\n2. 3곳\n") == []


def test_numbers_that_look_like_marks_may_stand_in_the_report(tiny_corpus: Path) -> None:
    assert received(tiny_corpus, "1. 인사말\n2. 일정\n", "## 1. 인사말\n\n## 2. 일정\n") == []


@pytest.mark.parametrize(
    ("lost", "line"), [("견학", 1), ("높다", 4), ("양식장", 7), ("장소", 9), ("09", 11), ("인사", 13)]
)
def test_a_word_lost_among_marks_is_named_with_its_line(tiny_corpus: Path, lost: str, line: int) -> None:
    (difference,) = received(tiny_corpus, MARKED, MARKED.replace(lost, "", 1))
    assert (difference.line, difference.added) == (line, "")
    assert lost in difference.lost


def test_a_date_that_opens_a_line_is_no_number_of_a_list(tiny_corpus: Path) -> None:
    date = "앞말\n\n2024. 9. 25. 방문하였다.\n"
    assert received(tiny_corpus, date, "앞말\n\n2024\\. 9. 25. 방문하였다.\n") == []
    (difference,) = received(tiny_corpus, date, "앞말\n\n방문하였다.\n")
    assert difference.lost == "2024 . 9 . 25 ."


def test_a_source_without_words_leaves_all_words_added(tiny_corpus: Path) -> None:
    (difference,) = received(tiny_corpus, "---\n", "새로운 문장\n")
    assert (difference.lost, difference.added) == ("", "새로운 문장")


@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
@pytest.mark.parametrize("name", ["source.txt", "source.TXT"])
def test_a_source_of_plain_text_is_compared_whatever_its_encoding(tiny_corpus: Path, name: str, encoding: str) -> None:
    folder = tiny_corpus / KOREAN
    text = (folder / "source.md").read_text("utf-8").replace("모두 일곱 명", "모두 함께 일곱 명").replace("é", "e")
    (folder / "source.md").unlink()
    (folder / name).write_bytes(text.encode(encoding))
    assert "함께" in [difference.lost for difference in compared(tiny_corpus)]


def test_a_long_report_is_compared_within_seconds(tiny_corpus: Path) -> None:
    draw = random.Random(5)
    words = [f"낱말{min(int(draw.expovariate(0.02)), 400)}" for _ in range(20_000)]
    lines = [" ".join(words[at : at + 12]) + "." for at in range(0, len(words), 12)]
    changed = [line if number % 100 else f"{line[:-1]} 군말." for number, line in enumerate(lines)]
    began = time.process_time()
    found = received(tiny_corpus, "\n".join(lines), "\n\n".join(changed))
    assert time.process_time() - began < 3
    assert [difference.added for difference in found] == ["군말"] * 17
