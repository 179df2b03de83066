"""Feedback: kept, bounded, listed, and turned into drafts of golden questions."""

import csv
import io
import os
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from askmission import Assistant, feedback
from askmission.cli import app
from askmission.errors import FeedbackError
from askmission.feedback import Cited, Feedback, FeedbackStore, as_questions, to_csv
from askmission.golden import read_questions
from askmission.server import open_desk, serving

ONE = Feedback(
    verdict="wrong",
    comment="It was 2010.\nSurely.",
    question="When did it begin?",
    language="en",
    kind="answer",
    answer="In 2009. [1]",
    cited=(Cited("2022-10-tallow/a/1", 3, 20, 'It "began" in 2009.'),),
    built="2026-01-01",
)


def test_what_is_kept_comes_back_whole_and_in_order(tmp_path: Path) -> None:
    store = FeedbackStore(tmp_path / "data")
    assert store.all() == []
    assert list(tmp_path.iterdir()) == []
    for verdict in ("wrong", "right"):
        store.add(replace(ONE, verdict=verdict))
    found = store.all()
    assert [each.verdict for each in found] == ["wrong", "right"]
    assert replace(found[0], time="", id=0) == ONE
    assert found[0].time


def test_it_stays_bounded_in_number_length_and_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feedback, "MOST", 3)
    store = FeedbackStore(tmp_path)
    for number in range(5):
        store.add(replace(ONE, question=f"{number}" + "a" * 10_000, cited=ONE.cited * 50))
    found = store.all()
    assert [each.question[0] for each in found] == ["2", "3", "4"]
    assert {len(each.question) for each in found} == {feedback.MAX_TEXT}
    assert {len(each.cited) for each in found} == {feedback.MAX_CITATIONS}
    aged(store, 4)
    assert [each.question[0] for each in store.all()] == ["2", "4"]


def aged(store: FeedbackStore, number: int) -> None:
    """Have one been said years ago."""
    connection = sqlite3.connect(store.path)
    with connection:
        connection.execute("UPDATE feedback SET time = '2020-01-01T00:00:00+00:00' WHERE id = ?", (number,))
    connection.close()


def test_a_listing_leaves_out_what_is_too_old_and_erases_nothing(tmp_path: Path) -> None:
    store, patient = FeedbackStore(tmp_path, days=30), FeedbackStore(tmp_path, days=100_000)
    store.forget()
    assert list(tmp_path.iterdir()) == []
    for _ in range(2):
        store.add(ONE)
    aged(store, 1)
    assert [each.id for each in store.all()] == [2]
    assert [each.id for each in patient.all()] == [1, 2]
    store.forget()
    assert [each.id for each in patient.all()] == [2]


def test_many_may_write_at_once(tmp_path: Path) -> None:
    store = FeedbackStore(tmp_path)
    with ThreadPoolExecutor(8) as people:
        list(people.map(lambda _: store.add(ONE), range(40)))
    assert len(store.all()) == 40


def test_what_was_kept_survives_a_process_that_is_killed(tmp_path: Path) -> None:
    code = (
        "import os, sys, pathlib\n"
        "from askmission.feedback import Feedback, FeedbackStore\n"
        "store = FeedbackStore(pathlib.Path(sys.argv[1]))\n"
        "for n in range(3): store.add(Feedback('right', '', f'question {n}', 'en', 'answer', ''))\n"
        f"os.kill(os.getpid(), {int(signal.SIGKILL)})"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False, env=dict(os.environ))
    assert done.returncode == -signal.SIGKILL
    store = FeedbackStore(tmp_path)
    assert [each.question for each in store.all()] == ["question 0", "question 1", "question 2"]
    store.add(ONE)
    assert len(store.all()) == 4


def test_a_folder_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FeedbackError, match="ASKMISSION_DATA"):
        FeedbackStore(tmp_path / "file" / "data").add(ONE)
    (tmp_path / feedback.FILE).write_bytes(b"no database at all" * 100)
    with pytest.raises(FeedbackError, match="ASKMISSION_DATA"):
        FeedbackStore(tmp_path).forget()
    with pytest.raises(FeedbackError, match="cannot be read"):
        FeedbackStore(tmp_path).all()


def test_csv_has_every_column_and_no_formula() -> None:
    told = list(csv.DictReader(io.StringIO(to_csv([replace(ONE, comment="=cmd()", question="한\n글, ok")]))))
    assert told[0]["comment"] == "'=cmd()"
    assert told[0]["question"] == "한\n글, ok"
    assert told[0]["cited"] == "2022-10-tallow/a/1 (3-20)"


def test_drafts_of_golden_questions_can_be_read_as_such(tmp_path: Path) -> None:
    said = [
        replace(ONE, id=1),
        replace(ONE, id=2, verdict="right", question='Who said "\\ no"?', comment=""),
        replace(ONE, id=3, verdict="right", kind="refusal", cited=(), question="부산은요?", language="ko"),
        replace(ONE, id=4, question="When did it  begin?"),
    ]
    path = tmp_path / "questions.toml"
    path.write_text(as_questions(said), "utf-8")
    drafts = {draft.id: draft for draft in read_questions(path)}
    assert set(drafts) == {"feedback-2", "feedback-3", "feedback-4"}
    assert drafts["feedback-2"].en == 'Who said "\\ no"?'
    assert drafts["feedback-2"].evidence == (('It "began" in 2009.',),)
    assert drafts["feedback-2"].fr == "TODO"
    assert drafts["feedback-3"].kind == "unanswerable"
    assert drafts["feedback-3"].ko == "부산은요?"
    assert drafts["feedback-4"].evidence == (("TODO",),)
    assert "# wrong: It was 2010. Surely." in path.read_text("utf-8")


def test_a_citation_without_words_is_no_evidence_of_a_draft(tmp_path: Path) -> None:
    empty = tuple(Cited("2022-10-tallow/a/1", 0, 0, quote) for quote in ("", "  ", "\x00\u200b"))
    said = [replace(ONE, id=number, verdict="right", question=f"Who {number}?") for number in (1, 2)]
    path = tmp_path / "questions.toml"
    path.write_text(as_questions([replace(said[0], cited=empty), replace(said[1], cited=empty + ONE.cited)]), "utf-8")
    assert [draft.evidence for draft in read_questions(path)] == [(("TODO",),), (('It "began" in 2009.',),)]


def test_the_command_lists_exports_and_drafts(clean_environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clean_environment.setenv("ASKMISSION_DATA", str(tmp_path / "kept"))
    runner = CliRunner()
    empty = runner.invoke(app, ["feedback"])
    assert empty.exit_code == 0
    assert "nothing" in empty.stderr
    FeedbackStore(tmp_path / "kept").add(replace(ONE, comment="\x1b[31mred"))
    listed = runner.invoke(app, ["feedback"])
    assert "wrong" in listed.stdout
    assert "When did it begin?" in listed.stdout
    assert "\x1b" not in listed.stdout
    assert runner.invoke(app, ["feedback", "--csv"]).stdout.startswith("verdict,")
    assert "[[questions]]" in runner.invoke(app, ["feedback", "--as-questions"]).stdout
    assert runner.invoke(app, ["feedback", "--csv", "--as-questions"]).exit_code == 2


SENT = {
    "verdict": "citation",
    "comment": "<b>Not there</b>",
    "question": "Who?",
    "language": "en",
    "kind": "answer",
    "answer": "She. [1]",
    "cited": [{"passage": "2022-10-tallow/a/1", "start": 1, "end": 2, "quote": "She"}],
    "built": "2026-01-01T00:00:00+00:00",
}


def test_feedback_is_taken_over_http_counted_and_kept(tiny_assistant: Assistant, tmp_path: Path) -> None:
    store = FeedbackStore(tmp_path, days=30)
    old = {name: SENT[name] for name in SENT if name != "built"}
    with serving(open_desk(tiny_assistant), store=store) as address:
        assert httpx.post(f"{address}api/feedback", json=SENT).status_code == 204
        mute = {**SENT, "cited": [{"passage": "2022-10-tallow/a/1", "start": 1, "end": 2, "quote": ""}]}
        for odd in (
            {**SENT, "verdict": "meh"},
            {**SENT, "extra": 1},
            {},
            {**SENT, "comment": "a" * 10_000},
            mute,
            {**SENT, "built": "a" * 100},
        ):
            assert httpx.post(f"{address}api/feedback", json=odd).status_code == 422
        assert 'askmission_feedback_total{verdict="citation"} 1.0' in httpx.get(f"{address}metrics").text
        assert httpx.post(f"{address}api/feedback", json={**old, "verdict": "wrong"}).status_code == 204
        assert httpx.get(f"{address}api/page").json()["feedback_days"] == 30
    kept, undated = store.all()
    assert (kept.verdict, kept.comment, kept.question) == ("citation", "<b>Not there</b>", "Who?")
    assert kept.cited == (Cited("2022-10-tallow/a/1", 1, 2, "She"),)
    assert (kept.built, undated.built) == (SENT["built"], "")


def test_without_a_store_none_is_taken(tiny_assistant: Assistant) -> None:
    with serving(open_desk(tiny_assistant)) as address:
        assert httpx.post(f"{address}api/feedback", json=SENT).status_code == 404
        assert httpx.get(f"{address}api/page").json()["feedback_days"] == 0


def test_feedback_counts_among_what_a_client_may_send(tiny_assistant: Assistant, tmp_path: Path) -> None:
    with serving(open_desk(tiny_assistant, rate=2), store=FeedbackStore(tmp_path)) as address:
        told = [httpx.post(f"{address}api/feedback", json=SENT).status_code for _ in range(3)]
    assert told == [204, 204, 429]
