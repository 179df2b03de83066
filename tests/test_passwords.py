"""Passwords: a file that is made line by line, and a gate that nothing but the health checks passes without one."""

import base64
import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from askmission import Assistant, gate
from askmission.cli import app
from askmission.errors import SettingsError
from askmission.feedback import FeedbackStore
from askmission.passwords import Passwords, hashed, line
from askmission.server import open_desk, serving
from askmission.tool import build
from chromium import find

ANNA, KIM = ("anna", "correct horse battery"), ("김 철수", "세종시의 박물관 도시 2030년")
CHEAP = {"ln": 10, "p": 1}


@pytest.fixture(scope="module")
def passwords() -> Passwords:
    return Passwords({name: hashed(password, **CHEAP) for name, password in (ANNA, KIM)})


@pytest.fixture
def address(tiny_assistant: Assistant, passwords: Passwords, tmp_path: Path) -> Iterator[str]:
    desk = open_desk(tiny_assistant)
    with serving(desk, passwords=passwords, store=FeedbackStore(tmp_path), mcp=build(desk)) as address:
        yield address


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def test_the_command_prints_a_line_and_the_file_lets_its_name_in(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["password", "anna"], input=f"{ANNA[1]}\n{ANNA[1]}\n")
    assert told.exit_code == 0
    assert ANNA[1] not in told.output
    path = tmp_path / "passwords"
    path.write_text(f"# who may come in\n\n{told.stdout}{line(*KIM)}\n", "utf-8")
    known = Passwords.open(path)
    assert known.know(*ANNA)
    assert known.know(*KIM)
    assert not known.know("anna", KIM[1])
    assert not known.know("anna", "")
    assert not known.know("nobody", ANNA[1])


def test_two_hashes_of_one_password_are_not_the_same_and_its_accents_may_be_written_either_way() -> None:
    assert hashed("a" * 12, **CHEAP) != hashed("a" * 12, **CHEAP)
    assert Passwords({"x": hashed("caf\u00e9" * 3, **CHEAP)}).know("x", "cafe\u0301" * 3)


@pytest.mark.parametrize(("name", "password", "says"), [("an:na", "a" * 12, "colon"), ("anna", "short", "12")])
def test_a_name_or_a_password_that_will_not_do_is_said(name: str, password: str, says: str) -> None:
    told = CliRunner().invoke(app, ["password", name], input=f"{password}\n{password}\n")
    assert told.exit_code == 1
    assert says in told.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "cannot be read"),
        ("", "no name"),
        ("# nobody\n", "no name"),
        ("anna:secret\n", ":1: not a line"),
        (f"anna:{hashed('a' * 12, **CHEAP)}\n" * 2, ":2: the name is there twice"),
        (f"anna:{hashed('a' * 12, **CHEAP).replace('ln=10', 'ln=30')}\n", ":1: not a line"),
    ],
)
def test_a_file_that_is_missing_or_broken_is_one_line_at_the_start(
    clean_environment: pytest.MonkeyPatch, tmp_path: Path, text: str | None, says: str
) -> None:
    path = tmp_path / "passwords"
    if text is not None:
        path.write_text(text, "utf-8")
    clean_environment.setenv("ASKMISSION_PASSWORDS", str(path))
    told = CliRunner().invoke(app, ["serve"])
    assert told.exit_code == 1
    assert says in told.stderr
    assert str(path) in told.stderr
    assert len(told.stderr.splitlines()) == 1
    with pytest.raises(SettingsError):
        Passwords.open(tmp_path)


def test_nothing_but_the_health_checks_is_answered_without_a_password(address: str) -> None:
    for path in ("", "config", "api/missions", "api/docs", "api/page", "about/privacy", "metrics", "assets/x.js"):
        assert httpx.get(address + path).status_code == 401, path
        assert httpx.get(address + path, headers=basic(*ANNA)).status_code in {200, 404}, path
    for path in ("api/ask", "api/feedback", "mcp", "gradio_api/queue/join"):
        assert httpx.post(address + path, json={"question": "Hello"}).status_code == 401, path
    for path in ("healthz", "readyz"):
        assert httpx.get(address + path).status_code == 200
    for name, password in (ANNA, KIM):
        told = httpx.post(f"{address}api/ask", json={"question": "Hello"}, headers=basic(name, password))
        assert told.json()["kind"] == "greeting"
    assert httpx.get(f"{address}../healthz/../api/missions").status_code == 401


@pytest.mark.parametrize(("language", "says"), [("fr-FR", "mot de passe"), ("en", "password"), ("ko", "비밀번호")])
def test_it_is_asked_for_in_the_language_of_the_browser(address: str, language: str, says: str) -> None:
    headers = {"Accept-Language": language, "Accept": "text/html,*/*"}
    page = httpx.get(address, headers=headers)
    assert page.headers["www-authenticate"] == 'Basic realm="AskMission", charset="UTF-8"'
    assert page.headers["content-language"] == language[:2]
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert f'<html lang="{language[:2]}">' in page.text
    assert says in page.text
    told = httpx.post(f"{address}api/ask", json={}, headers={"Accept-Language": language})
    assert says in told.json()["error"]


@pytest.mark.parametrize(
    "given",
    ["Basic", "Basic !!!", "Basic " + base64.b64encode(b"\xff:\xff").decode(), "Bearer abc", "Basic " + "A" * 5000],
)
def test_what_is_no_name_and_password_is_asked_for_again(address: str, given: str) -> None:
    assert httpx.get(address, headers={"Authorization": given}).status_code == 401


def test_who_guesses_has_to_wait_and_who_is_in_does_not(
    address: str, caplog: pytest.LogCaptureFixture, passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = f"{address}api/missions"
    assert httpx.get(ask, headers=basic(*ANNA)).status_code == 200
    with caplog.at_level(logging.INFO, "askmission"):
        tried = [httpx.get(ask, headers=basic("anna", f"guess number {n}")) for n in range(gate.MOST_WRONG + 2)]
    assert [each.status_code for each in tried] == [401] * (gate.MOST_WRONG - 1) + [429] * 3
    assert tried[-1].headers["retry-after"] == "60"
    assert "guess" not in json.dumps([record.__dict__ for record in caplog.records], default=str)
    assert [record.message for record in caplog.records] == ["password refused"] * gate.MOST_WRONG
    monkeypatch.setattr(passwords, "know", lambda *_: 1 / 0)  # neither is hashed any more
    assert httpx.get(ask, headers=basic(*KIM)).status_code == 429
    assert httpx.get(ask, headers=basic(*ANNA)).status_code == 200


def test_below_a_path_of_a_proxy_only_the_health_checks_are_open(
    tiny_assistant: Assistant, passwords: Passwords
) -> None:
    with serving(open_desk(tiny_assistant), passwords=passwords, root_path="/town") as address:
        assert httpx.get(f"{address}healthz").status_code == 200
        assert httpx.get(address).status_code == 401
        assert httpx.get(address, headers=basic(*KIM)).status_code == 200


@pytest.mark.browser
@pytest.mark.skipif(find() is None, reason="no Chromium: run 'python tests/chromium.py' as root to install it")
def test_the_page_works_behind_the_gate_in_a_browser(address: str) -> None:
    from playwright.sync_api import expect, sync_playwright

    def visit() -> list[tuple[str, int]]:
        answers: list[tuple[str, int]] = []
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox", "--disable-gpu"])
            credentials = {"username": KIM[0], "password": KIM[1]}
            page = browser.new_page(http_credentials=credentials, locale="en-GB")  # type: ignore[arg-type]
            page.on("response", lambda each: answers.append((each.url, each.status)))
            page.goto(address)
            page.locator("#am-question").fill("Who spoke about the tram?")
            page.locator("#am-question").press("Enter")
            turn = page.locator(".am-turn[data-kind=answer]")
            expect(turn).to_have_count(1)
            turn.locator(".am-cite").first.click()
            expect(page.locator(".am-panel .am-current")).to_be_visible()
            browser.close()
        return answers

    with ThreadPoolExecutor(1) as thread:  # the other browser's loop runs in this one
        answers = thread.submit(visit).result()
    assert len(answers) > 10
    assert [each for each in answers if each[1] >= 400 and not each[0].endswith("manifest.json")] == []
