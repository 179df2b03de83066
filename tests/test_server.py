"""The server: the HTTP interface, what those who run it look at, and a rebuilt index being taken."""

import asyncio
import json
import logging
import os
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from askmission import Assistant
from askmission.desk import MAX_WAITING, Desk, JsonLines, event
from askmission.errors import BusyError, SettingsError
from askmission.feedback import FeedbackStore
from askmission.index import build
from askmission.page import labels
from askmission.page.about import STATE_IS, About
from askmission.page.shown import Shown
from askmission.server import create_app, open_desk, serve, serving
from askmission.settings import Settings
from conftest import HashingEncoder

QUESTION = "Who spoke about the tram?"


def elsewhere(what: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run a coroutine in a thread of its own: Playwright may have a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(what())).result()


@pytest.fixture(scope="module")
def desk(tiny_assistant: Assistant) -> Desk[Shown]:
    return open_desk(tiny_assistant)


@pytest.fixture(scope="module")
def client(desk: Desk[Shown]) -> Iterator[httpx.Client]:
    with serving(desk) as address, httpx.Client(base_url=address) as client:
        yield client


def test_a_question_is_answered_with_the_json_of_the_command_line(client: httpx.Client, desk: Desk[Shown]) -> None:
    told = client.post("/api/ask", json={"question": QUESTION})
    assert told.status_code == 200
    expected = desk.served.assistant.ask(QUESTION).as_dict()
    assert {**told.json(), "timings_ms": {}} == json.loads(json.dumps({**expected, "timings_ms": {}}))
    assert set(told.json()["timings_ms"]) == {"total"}


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({"question": ""}, 400, "vide"),
        ({"question": "a" * 5000}, 400, "5000"),
        ({"question": "a" * 50_000}, 422, "question"),
        ({}, 422, "question"),
        ({"question": 7}, 422, "question"),
        ({"question": "Who?", "langauge": "fr"}, 422, "langauge"),
        ({"question": "Who?", "language": "de"}, 422, "language"),
        ({"question": "Who?", "history": [{"role": "system", "content": "x"}]}, 422, "history.0.role"),
        ([], 422, "request"),
    ],
)
def test_what_cannot_be_answered_is_said_in_one_line(client: httpx.Client, body: Any, status: int, says: str) -> None:
    told = client.post("/api/ask", json=body, headers={"Accept-Language": "fr-FR,fr;q=0.9"})
    assert told.status_code == status
    assert set(told.json()) == {"error"}
    assert says in told.json()["error"]
    assert "\n" not in told.json()["error"]


def test_a_body_that_is_too_large_is_not_read(client: httpx.Client) -> None:
    def endless() -> Iterator[bytes]:
        yield from (b"x" * 100_000 for _ in range(20))

    assert client.post("/api/ask", content=endless()).status_code == 413


def test_the_missions_are_told(client: httpx.Client) -> None:
    told = client.get("/api/missions").json()
    assert [mission["id"] for mission in told] == ["2022-10-tallow", "2023-05-breval"]
    assert set(told[0]["title"]) == {"fr", "en", "ko"}
    assert all(mission["passages"] > 0 for mission in told)


def test_the_interface_describes_itself_without_another_host(client: httpx.Client) -> None:
    described = client.get("/api/openapi.json").json()
    assert set(described["paths"]) >= {"/api/ask", "/api/missions"}
    fields = described["components"]["schemas"]["Answer"]["properties"]
    assert set(fields) == {
        *("question", "language", "kind", "mode", "text", "citations", "suggestions", "timings_ms"),
    }
    page = client.get("/api/docs").text
    assert "POST /api/ask" in page
    assert "<script" not in page
    assert "https://" not in page


def test_health_and_readiness_are_told(client: httpx.Client, desk: Desk[Shown], monkeypatch: Any) -> None:
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").json() == {"ready": True, "index": desk.served.assistant.index.folder.name}
    monkeypatch.setattr(Assistant, "search", lambda *_, **__: 1 / 0)
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_questions_are_counted_by_language_and_kind(tiny_assistant: Assistant) -> None:
    with serving(open_desk(tiny_assistant)) as address:
        for question in ("안녕하세요", "Bonjour !", "???"):
            httpx.post(f"{address}api/ask", json={"question": question, "language": "en"})
        told = httpx.get(f"{address}metrics").text
    assert 'askmission_questions_total{kind="greeting",language="ko"} 1.0' in told
    assert 'askmission_questions_total{kind="greeting",language="fr"} 1.0' in told
    assert 'askmission_questions_total{kind="error",language="en"} 1.0' in told
    assert "askmission_answer_seconds_count 2.0" in told
    assert 'askmission_index_info{encoder="hashing"' in told
    assert "안녕" not in told


def test_every_answer_carries_the_headers_and_only_known_paths_are_open(client: httpx.Client) -> None:
    for path in ("/", "/api/missions", "/metrics", "/healthz", "/about/privacy", "/nothing", "/docs", "/openapi.json"):
        told = client.get(path)
        policy = dict(each.strip().split(" ", 1) for each in told.headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'self'"
        assert policy["object-src"] == "'none'"
        assert policy["frame-ancestors"] == policy["form-action"] == policy["base-uri"] == "'self'"
        assert "http" not in told.headers["content-security-policy"]
        assert told.headers["x-content-type-options"] == "nosniff"
        assert told.headers["referrer-policy"] == "no-referrer"
        assert told.headers["cross-origin-opener-policy"] == "same-origin"
        assert told.headers["cross-origin-resource-policy"] == "same-origin"
        assert "camera=()" in told.headers["permissions-policy"]
        assert "access-control-allow-origin" not in told.headers
        assert "server" not in told.headers
        assert told.status_code == (404 if path in {"/nothing", "/docs", "/openapi.json"} else 200)


@pytest.mark.parametrize("path", ["", "config", "api/missions"])
def test_no_other_site_may_read_or_send(client: httpx.Client, path: str) -> None:
    other = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert "access-control-allow-origin" not in client.get(path, headers=other).headers
    asked = client.options("api/ask", headers={**other, "Access-Control-Request-Method": "POST"})
    assert "access-control-allow-origin" not in asked.headers
    for target in ("api/ask", "api/feedback", "gradio_api/queue/join"):
        assert client.post(target, json={"question": "Hello"}, headers=other).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        *(
            "gradio_api/upload",
            "gradio_api/file=/etc/passwd",
            "gradio_api/proxy=http://example.org/",
            "gradio_api/info",
        ),
        *("gradio_api/call/answer", "gradio_api/run/answer", "gradio_api/mcp/sse", "gradio_api/stream/x", "monitoring"),
        *(
            "login",
            "logout",
            "svelte/x",
            "custom_component/x",
            "pwa_icon",
            "gradio_api/vibe-code/",
            "gradio_api/deep_link",
        ),
        *("mcp", "static/../../../etc/passwd", "assets/..%2f..%2f..%2fpyproject.toml", "..%2fetc%2fpasswd"),
    ],
)
def test_what_of_gradio_is_not_needed_is_shut_and_no_file_is_served(client: httpx.Client, path: str) -> None:
    for method in ("GET", "POST"):
        assert client.request(method, path).status_code in {403, 404, 405}


def test_gradio_is_told_to_be_safe_quiet_and_bounded(tiny_assistant: Assistant) -> None:
    async def made() -> Any:  # in a loop: Gradio makes one where there is none
        return create_app(open_desk(tiny_assistant))

    app = elsewhere(made)
    mounted = next(route.app for route in app.routes if getattr(route, "path", None) == "")
    blocks = mounted.get_blocks()
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
    assert not blocks.analytics_enabled
    assert not blocks.show_error
    assert not blocks.enable_monitoring
    assert not blocks.mcp_server
    assert not blocks.run_history
    assert not blocks.share
    assert blocks.allowed_paths == []
    assert blocks.max_file_size <= 1024
    assert 0 < blocks.state_session_capacity <= 1000
    assert 0 < blocks._queue.max_size <= 512
    assert not blocks.api_open
    assert {function.api_visibility for function in blocks.fns.values() if function.fn} == {"private"}
    assert Settings.model_fields["host"].default == "127.0.0.1"


@pytest.mark.parametrize("language", ["fr", "en", "ko"])
def test_what_breaks_is_said_without_its_reason(
    tiny_assistant: Assistant, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    desk = open_desk(tiny_assistant)
    monkeypatch.setattr("askmission.server.warm", lambda _: None)
    monkeypatch.setattr(Assistant, "ask", lambda *_, **__: 1 / 0)
    with serving(desk) as address:
        told = httpx.post(f"{address}api/ask", json={"question": "Who?"}, headers={"Accept-Language": language})
    assert told.status_code == 500
    assert told.json() == {"error": labels.BROKEN.in_language(language)}


@pytest.mark.parametrize("kept", [True, False], ids=["the proxy keeps the path", "the proxy cuts it off"])
def test_it_works_below_a_path_of_a_proxy(tiny_assistant: Assistant, kept: bool) -> None:
    with serving(open_desk(tiny_assistant), root_path="/town/ask") as address:
        base = address if kept else address.replace("/town/ask", "")
        headers = {"X-Forwarded-Host": "town.example", "X-Forwarded-Proto": "https"}
        page = httpx.get(base, headers=headers).text
        assert "https://town.example/town/ask" in page
        config = httpx.get(f"{base}config", headers=headers).json()
        assert config["root"] == "https://town.example/town/ask"
        assert httpx.get(f"{base}api/missions").status_code == 200
        assert httpx.get(f"{base}healthz").status_code == 200
        assert httpx.get(f"{base}gradio_api/info").status_code == 404


def test_a_rebuilt_index_is_taken_while_questions_are_answered(tiny_corpus: Path, tmp_path: Path) -> None:
    index, encoder = tmp_path / "index", HashingEncoder()
    build(tiny_corpus, index, "hashing", lambda _: encoder)
    desk = open_desk(Assistant.open(index, "hashing", lambda _: encoder))
    before = desk.served
    assert not desk.refresh()
    with (tiny_corpus / "2022-10-tallow" / "report.md").open("a", encoding="utf-8") as report:
        report.write("\n## Lighthouse\n\nThe lighthouse keeper of Tallow counts eleven herons.\n")
    build(tiny_corpus, index, "hashing", lambda _: encoder)

    async def during() -> list[str]:
        taken = asyncio.create_task(asyncio.to_thread(desk.refresh))
        answers = [await desk.ask("How many herons does the lighthouse keeper count?") for _ in range(20)]
        assert await taken
        answers.append(await desk.ask("How many herons does the lighthouse keeper count?"))
        return [answer.text for answer, _ in answers]

    assert "eleven herons" in elsewhere(during)[-1]
    assert desk.served is not before
    assert len(desk.served.shown.report.entries) > len(before.shown.report.entries)


def test_an_index_that_cannot_be_opened_leaves_the_old_one_serving(
    tiny_corpus: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    index, encoder = tmp_path / "index", HashingEncoder()
    build(tiny_corpus, index, "hashing", lambda _: encoder)
    desk = open_desk(Assistant.open(index, "hashing", lambda _: encoder))
    before = desk.served
    (index / "current").write_text("nowhere\n", "utf-8")
    assert not desk.refresh()
    assert not desk.refresh()
    assert desk.served is before
    assert [record.message for record in caplog.records if record.name == "askmission.desk"] == ["index refused"]


def test_a_client_that_asks_too_much_is_told_to_wait(tiny_assistant: Assistant) -> None:
    with serving(open_desk(tiny_assistant, rate=3)) as address:
        told = [httpx.post(f"{address}api/ask", json={"question": "Merci !", "language": "fr"}) for _ in range(4)]
    assert [each.status_code for each in told] == [200, 200, 200, 429]
    assert told[-1].json()["error"].startswith("Vous avez posé plus de 3 questions")
    assert told[-1].headers["retry-after"]


def test_behind_a_proxy_each_client_has_its_own_bounds(tiny_assistant: Assistant) -> None:
    with serving(open_desk(tiny_assistant, rate=1)) as address:
        told = [
            httpx.post(f"{address}api/ask", json={"question": "Hello"}, headers={"X-Forwarded-For": client})
            for client in ("203.0.113.1", "203.0.113.2", "198.51.100.7, 203.0.113.1")  # who asks may claim the first
        ]
    assert [each.status_code for each in told] == [200, 200, 429]


def test_when_too_many_wait_the_next_is_told_to_come_back(tiny_assistant: Assistant, monkeypatch: Any) -> None:
    go = threading.Event()
    real = Assistant.ask
    monkeypatch.setattr(Assistant, "ask", lambda self, *a, **k: go.wait(20) and real(self, *a, **k))
    desk = Desk(tiny_assistant, lambda _: None, limit=1)

    async def crowd() -> list[Any]:
        waiting = [asyncio.create_task(desk.ask("Hello", language="ko")) for _ in range(MAX_WAITING + 1)]
        await asyncio.sleep(0)
        with pytest.raises(BusyError, match="지금 질문하는 분이 많습니다"):
            await desk.ask("Hello", language="ko")
        go.set()
        return await asyncio.gather(*waiting)

    assert {answer.kind for answer, _ in elsewhere(crowd)} == {"greeting"}


@pytest.mark.parametrize("wanted", [False, True])
def test_the_log_holds_no_question_unless_it_is_wanted(
    tiny_assistant: Assistant, caplog: pytest.LogCaptureFixture, wanted: bool
) -> None:
    desk = Desk(tiny_assistant, lambda _: None, log_questions=wanted)
    with caplog.at_level(logging.INFO, "askmission"):
        elsewhere(lambda: desk.ask("Where is my secret?"))
    line = JsonLines().format(caplog.records[-1])
    assert ("secret" in line) is wanted
    told = json.loads(line)
    assert (told["event"], told["language"], told["face"]) == ("asked", "en", "api")
    assert told["ms"] > 0


def test_an_error_in_the_log_has_its_trace_on_the_same_line_and_says_nothing_unless_it_may(
    caplog: pytest.LogCaptureFixture,
) -> None:
    try:
        try:
            int("my secret")
        except ValueError as error:
            raise KeyError("my secret") from error
    except KeyError:
        logging.getLogger("askmission.x").exception("failed")
    line = JsonLines().format(caplog.records[-1])
    assert "\n" not in line
    assert "secret" not in json.loads(line)["error"].replace('"my secret"', "")  # but for the source
    assert json.loads(line)["error"].endswith("KeyError")
    assert "ValueError" in json.loads(line)["error"]
    assert "ValueError: invalid literal" in json.loads(JsonLines(words=True).format(caplog.records[-1]))["error"]
    event(logging.getLogger("askmission.x"), "done", logging.ERROR, path=Path("a"))
    assert json.loads(JsonLines().format(caplog.records[-1]))["path"] == "a"


def test_a_port_that_is_taken_is_said_in_one_line(desk: Desk[Shown]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(SettingsError, match="Choose another"):
            serve(desk, host="127.0.0.1", port=taken.getsockname()[1])


@pytest.mark.parametrize("language", ["fr", "en", "ko"])
def test_who_runs_it_what_is_kept_and_how_accessible_it_is_are_told(tiny_assistant: Assistant, language: str) -> None:
    about = About(operator="Ville de <b>Breval</b>", contact="mairie@breval.example", audit="partial")
    with serving(open_desk(tiny_assistant), store=FeedbackStore(Path("nowhere"), days=42), about=about) as address:
        told = {
            name: httpx.get(f"{address}about/{name}", params={"language": language}).text
            for name in ("about", "privacy", "accessibility")
        }
        assert httpx.get(f"{address}about/other").status_code == 404
        links = httpx.get(f"{address}api/page").json()["about"][language]
    assert set(links) == set(told)
    for page in told.values():
        assert f'<html lang="{language}">' in page
        assert "Ville de &lt;b&gt;Breval" in page
        assert "mairie@breval.example" in page
        assert page.count("<h1>") == 1
        assert "<script" not in page
    assert "42" in told["privacy"]
    state = STATE_IS["partial"].in_language(language).replace(" :", "\u00a0:")
    assert state in told["accessibility"]


def test_a_log_with_questions_is_confessed(tiny_assistant: Assistant) -> None:
    for logged in (False, True):
        with serving(open_desk(tiny_assistant, log_questions=logged)) as address:
            told = httpx.get(f"{address}about/privacy?language=en").text
        assert ("Your questions are written into a log" in told) is logged
        assert ("Your questions are not kept" in told) is not logged
        assert "This service takes no opinions" in told
