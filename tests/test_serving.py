"""Serving as a browser meets it: the first question, slow answers, crowds, an index rebuilt under an open page."""

import asyncio
import io
import json
import logging
import os
import re
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from askmission import Assistant, desk
from askmission.desk import BUSY, SLOW, JsonLines
from askmission.errors import FeedbackError
from askmission.feedback import FeedbackStore
from askmission.index import build
from askmission.page import labels
from askmission.server import open_desk, serving
from chromium import find
from conftest import ENGLISH, HashingEncoder

QUESTION = "Who spoke about the tram?"
SENT = {"verdict": "right", "question": "Who?", "language": "ko", "kind": "answer", "answer": "She. [1]"}


def until(what: Callable[[], Any]) -> None:
    """Wait until something is so."""
    for _ in range(500):
        if what():
            return
        time.sleep(0.01)
    raise AssertionError("it never was")


def through_the_page(client: httpx.Client, question: str, *, session: str = "s", language: str = "en") -> Any:
    """Ask as the chat page does, through Gradio's queue, and return what the page is told."""
    asks = next(each for each in client.get("config").json()["dependencies"] if each["targets"][0][1:] == ["ask"])
    asked = {"id": "t", "question": question, "history": [], "language": language}
    joined = {"data": [], "event_data": asked, "fn_index": asks["id"], "trigger_id": asks["targets"][0][0]}
    client.post("gradio_api/queue/join", json={**joined, "session_hash": session}).raise_for_status()
    with client.stream("GET", "gradio_api/queue/data", params={"session_hash": session}) as events:
        for line in events.iter_lines():
            if "process_completed" in line:
                return json.loads(line.removeprefix("data:"))["output"]["data"][0]
    raise AssertionError("the queue never told an answer")


def run(code: str, *arguments: Path) -> subprocess.CompletedProcess[str]:
    """Run a program that may use what the tests share."""
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert done.returncode == 0, done.stderr
    return done


def test_the_first_question_finds_all_loaded(tiny_index: Path) -> None:
    code = """
import sys, httpx
from conftest import HashingEncoder
from askmission import Assistant
from askmission.server import open_desk, serving
from test_serving import QUESTION, through_the_page
assistant = Assistant.open(sys.argv[1], "hashing", lambda _: HashingEncoder())
with serving(open_desk(assistant)) as address, httpx.Client(base_url=address) as client:
    before = set(sys.modules)
    through_the_page(client, QUESTION)
    print(sorted(set(sys.modules) - before))
"""
    assert run(code, tiny_index).stdout.strip() == "[]"


def test_ctrl_c_ends_it_without_a_word(tiny_index: Path) -> None:
    code = """
import os, signal, sys
from conftest import HashingEncoder
from askmission import Assistant
from askmission.server import open_desk, serve
desk = open_desk(Assistant.open(sys.argv[1], "hashing", lambda _: HashingEncoder()))
serve(desk, host="127.0.0.1", port=0, started=lambda _: os.kill(os.getpid(), signal.SIGINT))
"""
    done = run(code, tiny_index)
    assert done.stdout + done.stderr == ""


def test_an_answer_does_not_wait_for_the_network_to_confirm_its_header(tiny_assistant: Assistant) -> None:
    with serving(open_desk(tiny_assistant)) as address, httpx.Client(base_url=address) as client:
        client.get("healthz")
        took = []
        for _ in range(10):
            began = time.perf_counter()
            client.get("healthz")
            took.append(time.perf_counter() - began)
    assert min(took) < 0.03  # it is 40 ms each time where the delay is on


def slowed(assistant: Assistant, monkeypatch: pytest.MonkeyPatch, limit: int = 1) -> tuple[Any, threading.Event]:
    """Return a desk whose answers take until the event is set."""
    opened, go, real = open_desk(assistant, limit=limit), threading.Event(), Assistant.ask
    monkeypatch.setattr(Assistant, "ask", lambda self, *a, **k: go.wait(20) and real(self, *a, **k))
    monkeypatch.setattr("askmission.server.warm", lambda _: None)  # it would wait too
    return opened, go


def test_a_slow_answer_comes_and_holds_nobody_up(tiny_assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    slow, go = slowed(tiny_assistant, monkeypatch)
    with (
        serving(slow) as address,
        httpx.Client(base_url=address, timeout=20) as client,
        ThreadPoolExecutor(2) as people,
    ):
        by_api = people.submit(lambda: httpx.post(f"{address}api/ask", json={"question": "Hello"}, timeout=20))
        by_page = people.submit(lambda: through_the_page(client, "Bonjour !"))
        until(lambda: slow._waiting == 1)
        for path in ("healthz", "readyz", "api/missions", "metrics"):
            assert httpx.get(f"{address}{path}", timeout=5).status_code == 200
        assert not by_api.done()
        assert not by_page.done()
        go.set()
        assert by_api.result().json()["kind"] == "greeting"
        assert by_page.result()["answer"]["kind"] == "greeting"


@pytest.mark.parametrize("language", ["fr", "en", "ko"])
def test_an_answer_that_takes_too_long_is_given_up_and_said(
    tiny_assistant: Assistant, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    slow, go = slowed(tiny_assistant, monkeypatch)
    monkeypatch.setattr(desk, "PATIENCE", 0.3)
    with serving(slow) as address, httpx.Client(base_url=address, timeout=20) as client:
        told = client.post("api/ask", json={"question": "Hello", "language": language})
        assert (told.status_code, told.json()["error"]) == (429, SLOW.in_language(language))
        assert SLOW.in_language(language) in through_the_page(client, "Hello", language=language)["html"]
        assert slow._slots.locked()  # the first is still being answered: the machine does no more than it may
        go.set()
        until(lambda: not slow._slots.locked())
        assert client.post("api/ask", json={"question": "Hello"}).status_code == 200


def test_a_question_that_is_stopped_keeps_its_place_until_its_thread_is_done(
    tiny_assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, go = slowed(tiny_assistant, monkeypatch)

    async def stop() -> None:
        asked = asyncio.create_task(slow.ask("Hello", language="en"))
        while not slow._slots.locked():
            await asyncio.sleep(0)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        assert slow._slots.locked()
        go.set()
        answer, _ = await slow.ask("Hello", language="en")
        assert answer.kind == "greeting"

    with ThreadPoolExecutor(1) as thread:  # Playwright may have a loop running in this one
        thread.submit(lambda: asyncio.run(stop())).result()
    assert slow.metrics.questions.labels("en", "stopped")._value.get() == 1


@pytest.mark.parametrize("language", ["fr", "en", "ko"])
def test_the_page_says_in_its_language_that_too_many_wait(
    tiny_assistant: Assistant, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    slow, go = slowed(tiny_assistant, monkeypatch)
    monkeypatch.setattr(desk, "MAX_WAITING", 1)
    with (
        serving(slow) as address,
        httpx.Client(base_url=address, timeout=20) as client,
        ThreadPoolExecutor(2) as people,
    ):
        ask = lambda _: httpx.post(f"{address}api/ask", json={"question": "Hello"}, timeout=20)  # noqa: E731
        waiting = [people.submit(ask, number) for number in range(2)]
        until(lambda: slow._waiting == 1)
        told = through_the_page(client, "Hello", language=language)
        assert told["answer"] is None
        assert BUSY.in_language(language) in told["html"]
        go.set()
        assert [each.result().status_code for each in waiting] == [200, 200]


def near(address: str, passage: str) -> httpx.Response:
    return httpx.get(f"{address}api/related", params={"passage": passage, "language": "en"}, timeout=20)


def test_questions_to_ask_next_are_sought_in_turn_with_the_questions_and_once(
    tiny_assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, go = slowed(tiny_assistant, monkeypatch)
    passage, sought = next(iter(slow.served.shown.report.places)), []
    monkeypatch.setattr("askmission.server.related", lambda _, *of: sought.append(of) or [QUESTION])
    with serving(slow) as address, ThreadPoolExecutor(3) as people:
        asked = people.submit(lambda: httpx.post(f"{address}api/ask", json={"question": "Hello"}, timeout=20))
        until(slow._slots.locked)
        both = [people.submit(near, address, passage) for _ in range(2)]
        until(lambda: slow._waiting == 1)
        assert not sought
        go.set()
        assert [each.result().json() for each in both] == [[QUESTION]] * 2
        assert asked.result().status_code == 200
        assert near(address, passage).json() == [QUESTION]
    assert sought == [(passage, "en")]


def test_questions_to_ask_next_have_bounds_of_their_own_and_are_sought_again_if_that_failed(
    tiny_assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = open_desk(tiny_assistant, rate=2)
    one, other = list(opened.served.shown.report.places)[:2]
    found = iter([lambda: 1 / 0, lambda: [QUESTION]])
    monkeypatch.setattr("askmission.server.related", lambda *_: next(found)())
    with serving(opened) as address:
        assert [near(address, passage).status_code for passage in (one, one, other, one)] == [500, 200, 429, 200]
        told = [httpx.post(f"{address}api/ask", json={"question": "Hello"}).status_code for _ in range(3)]
    assert told == [200, 200, 429]


@pytest.fixture
def changing(tiny_corpus: Path, tmp_path: Path) -> tuple[Any, Callable[[], None]]:
    """A desk, and what builds its index anew with another section in place of the English mission's remarks."""
    index, encoder = tmp_path / "index", HashingEncoder()
    build(tiny_corpus, index, "hashing", lambda _: encoder)
    opened = open_desk(Assistant.open(index, "hashing", lambda _: encoder))

    def again() -> None:
        report = tiny_corpus / ENGLISH / "report.md"
        remarks = re.compile("### Remarks.*?(?=### )", re.DOTALL)
        heron = "### Lighthouse\n\nThe lighthouse keeper counts eleven herons.\n\n"
        report.write_text(remarks.sub(heron, report.read_text("utf-8")), "utf-8")
        build(tiny_corpus, index, "hashing", lambda _: encoder)
        assert opened.refresh()

    return opened, again


GONE = "Who asked for a second ferry to carry visitors in winter?"
NEW = "How many herons does the lighthouse keeper count?"


def test_after_a_rebuild_the_next_question_of_an_open_page_is_answered_from_the_new_index(changing: Any) -> None:
    opened, rebuild = changing
    with serving(opened) as address, httpx.Client(base_url=address) as client:
        told, built = through_the_page(client, GONE), opened.served.shown.start["built"]
        before = told["answer"]
        passage = before["citations"][0]["passage"]
        report = client.get(f"api/report/{ENGLISH}")
        assert passage in report.text
        rebuild()
        anew = through_the_page(client, NEW)
        assert "eleven herons" in anew["answer"]["text"]
        assert (told["built"], anew["built"]) == (built, opened.served.shown.start["built"])
        assert built < anew["built"]
        assert passage not in [each["passage"] for each in through_the_page(client, GONE)["answer"]["citations"]]
        again = client.get(f"api/report/{ENGLISH}", headers={"If-None-Match": report.headers["etag"]})
        assert again.status_code == 200
        assert passage not in again.text
        assert client.get("api/related", params={"passage": passage, "language": "en"}).json() == []


def in_a_browser(test: Callable[..., None]) -> Any:
    """Mark a test that drives a browser."""
    missing = "no Chromium: run 'python tests/chromium.py' as root to install it"
    return pytest.mark.browser(pytest.mark.skipif(find() is None, reason=missing)(test))


def visit(what: Callable[[Any], None]) -> None:
    """Have somebody in Korea do something at a browser's page."""
    from playwright.sync_api import sync_playwright

    def begin() -> None:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox", "--disable-gpu"])
            what(browser.new_page(locale="ko-KR"))
            browser.close()

    with ThreadPoolExecutor(1) as thread:  # the other browser's loop runs in this one
        thread.submit(begin).result()


def send(page: Any, question: str) -> None:
    page.locator("#am-question").fill(question)
    page.locator("#am-question").press("Enter")


@in_a_browser
def test_a_source_that_a_rebuild_took_away_is_said_and_the_report_is_shown(changing: Any) -> None:
    from playwright.sync_api import expect

    opened, rebuild = changing

    def read(page: Any) -> None:
        page.goto(address)
        turns = page.locator(".am-turn[data-kind=answer]")
        for number, question in enumerate((GONE, NEW), 1):
            send(page, question)
            expect(turns).to_have_count(number)
            if question == GONE:
                rebuild()
        expect(turns.last).to_contain_text("eleven herons")
        turns.first.locator(".am-cite").first.click()
        expect(page.locator(".am-status[role=status]")).to_have_text(labels.NO_PASSAGE.in_language("ko"))
        expect(page.locator(".am-panel")).to_contain_text("eleven herons")

    with serving(opened) as address:
        visit(read)


@in_a_browser
def test_an_opinion_is_of_the_index_that_gave_the_answer(changing: Any, tmp_path: Path) -> None:
    from playwright.sync_api import expect

    opened, rebuild = changing
    built, store = opened.served.shown.start["built"], FeedbackStore(tmp_path)

    def judge(page: Any) -> None:
        page.goto(address)
        send(page, GONE)
        expect(page.locator(".am-turn[data-kind=answer]")).to_have_count(1)
        rebuild()
        page.reload()
        page.locator(".am-turn .am-opinion summary").click()
        page.locator(".am-turn .am-opinion input").first.check()
        page.locator(".am-turn .am-opinion form button").click()
        expect(page.locator(".am-thanks")).to_be_visible()

    with serving(opened, store=store) as address:
        visit(judge)
    assert [each.built for each in store.all()] == [built]


@in_a_browser
def test_without_https_a_reload_keeps_what_was_typed_and_the_question_under_way(
    tiny_assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    from playwright.sync_api import expect

    slow, go = slowed(tiny_assistant, monkeypatch)

    def reload(page: Any) -> None:
        page.add_init_script("Object.defineProperty(Navigator.prototype, 'locks', {value: undefined})")
        page.goto(address)
        status = page.locator(".am-status[role=status]")
        send(page, "안녕하세요")
        expect(status).to_have_text(labels.SEARCHING.in_language("ko"))
        page.locator("#am-question").fill("그리고")
        page.reload()
        expect(status).to_have_text(labels.NO_ANSWER.in_language("ko"))
        expect(page.locator("#am-question")).to_have_value("안녕하세요\n그리고")
        go.set()
        send(page, "안녕하세요")
        expect(page.locator(".am-turn[data-kind=greeting]")).to_have_count(1)
        page.reload()
        expect(page.locator(".am-turn[data-kind=greeting]")).to_have_count(1)
        expect(page.locator("#am-question")).to_have_value("")

    with serving(slow) as address:
        try:
            visit(reload)
        finally:
            go.set()


class FullStore(FeedbackStore):
    """A store on a disk that is full: SQLite may take no page more."""

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with super()._open() as connection:
            connection.execute("PRAGMA max_page_count = 1")
            yield connection


@pytest.mark.parametrize("language", ["fr", "en", "ko"])
def test_feedback_on_a_full_disk_is_one_line_and_the_log_says_why(
    tiny_assistant: Assistant, tmp_path: Path, caplog: pytest.LogCaptureFixture, language: str
) -> None:
    with serving(open_desk(tiny_assistant), store=FullStore(tmp_path)) as address:
        told = httpx.post(f"{address}api/feedback", json=SENT, headers={"Accept-Language": language})
        assert told.status_code == 503
        assert told.json() == {"error": labels.NOT_KEPT.in_language(language)}
        assert httpx.post(f"{address}api/ask", json={"question": QUESTION}).json()["kind"] == "answer"
    said = [json.loads(JsonLines().format(record)) for record in caplog.records if record.levelname == "ERROR"]
    assert [each["event"] for each in said] == ["feedback not kept"]
    assert "database or disk is full" in said[0]["reason"]
    assert "ASKMISSION_DATA" in said[0]["reason"]


def test_what_was_kept_too_long_is_erased_while_it_serves_though_nothing_more_is_said(
    tiny_assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    store, patient = FeedbackStore(tmp_path, days=30), FeedbackStore(tmp_path, days=100_000)
    monkeypatch.setattr("askmission.server.DAY", 0.01)
    monkeypatch.setattr("askmission.server.warm", lambda _: None)
    real, broken = FeedbackStore.forget, threading.Event()

    def forget(self: FeedbackStore) -> None:
        if not broken.is_set():
            broken.set()
            raise FeedbackError("no room")
        real(self)

    monkeypatch.setattr(FeedbackStore, "forget", forget)
    with serving(open_desk(tiny_assistant), store=store) as address:
        for _ in range(2):
            httpx.post(f"{address}api/feedback", json=SENT)
            assert len(patient.all()) == 1
            connection = sqlite3.connect(store.path)
            with connection:
                connection.execute("UPDATE feedback SET time = '2020-01-01T00:00:00+00:00'")
            connection.close()
            until(lambda: not patient.all())
    said = [json.loads(JsonLines().format(record)) for record in caplog.records if record.levelname == "ERROR"]
    assert [(each["event"], each["reason"]) for each in said] == [("feedback not forgotten", "no room")]


def test_no_word_of_a_question_is_logged_on_any_way(
    tiny_assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Assistant.ask

    def ask(self: Assistant, question: str, **more: Any) -> Any:
        if "fails" in question:
            raise RuntimeError(question)
        return real(self, question, **more)

    opened = open_desk(tiny_assistant)
    monkeypatch.setattr(Assistant, "ask", ask)
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    logging.getLogger().addHandler(handler)
    logging.getLogger("askmission").setLevel(logging.INFO)
    try:
        with serving(opened, store=FeedbackStore(tmp_path)) as address, httpx.Client(base_url=address) as client:
            for question in ("Where is my xylophone?", "My xylophone fails", "xylophone " * 500):
                client.post("api/ask", json={"question": question})
                through_the_page(client, question)
            client.post("api/ask", json={"question": 7, "history": [{"role": "user", "content": "xylophone"}]})
            client.post("api/ask", content=b'{"question": "xylophone')
            client.post("api/feedback", json={**SENT, "comment": "xylophone"})
            client.get("api/related", params={"passage": "xylophone", "language": "en"})
            client.get("xylophone")
    finally:
        logging.getLogger().removeHandler(handler)
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert len([each for each in lines if each["event"] == "asked"]) == 6
    assert any("RuntimeError" in each.get("error", "") for each in lines)
    assert "xylophone" not in written.getvalue()
