"""The tool: an assistant of another maker asks here, with a client of the protocol, over the wire."""

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from askmission import Assistant
from askmission.errors import SettingsError
from askmission.server import open_desk, serving
from askmission.tool import build

mcp = pytest.importorskip("mcp", reason="no mcp: run pip install 'askmission[mcp]'")

QUESTION = "Who spoke about the tram?"


def told(address: str, *calls: tuple[str, dict[str, Any]], mode: str = "auto") -> list[Any]:
    """Call tools one after another, as a client does, and return the results."""

    async def call() -> list[Any]:
        async with mcp.Client(f"{address}mcp", mode=mode) as client:
            return [await client.call_tool(name, values) for name, values in calls]

    return elsewhere(call)


def elsewhere(what: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run a coroutine in a thread of its own: Playwright may have a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(what())).result()


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_question_is_answered_with_the_json_of_the_command_line(tiny_assistant: Assistant, mode: str) -> None:
    desk = open_desk(tiny_assistant)
    with serving(desk, mcp=build(desk)) as address:
        (result,) = told(address, ("ask", {"question": QUESTION}), mode=mode)
        metrics = httpx.get(f"{address}metrics").text
    expected = json.loads(json.dumps(tiny_assistant.ask(QUESTION).as_dict()))
    assert not result.is_error
    for answer in (result.structured_content, json.loads(result.content[0].text)):
        assert {**answer, "timings_ms": {}} == {**expected, "timings_ms": {}}
    assert 'askmission_questions_total{kind="answer",language="en"} 1.0' in metrics


def test_the_tools_tell_what_they_are_for(tiny_assistant: Assistant) -> None:
    desk = open_desk(tiny_assistant)

    async def look(address: str) -> Any:
        async with mcp.Client(f"{address}mcp") as client:
            return (await client.list_tools()).tools

    with serving(desk, mcp=build(desk)) as address:
        tools = {tool.name: tool for tool in elsewhere(lambda: look(address))}
        (missions,) = told(address, ("missions", {}))
    assert set(tools) == {"ask", "missions"}
    assert all(tool.description and tool.annotations.read_only_hint for tool in tools.values())
    assert set(tools["ask"].input_schema["properties"]) == {"question", "language"}
    assert set(tools["ask"].output_schema["properties"]) >= {"kind", "text", "citations", "suggestions"}
    assert [each["id"] for each in missions.structured_content["result"]] == ["2022-10-tallow", "2023-05-breval"]


def test_the_bounds_are_those_of_all_others(tiny_assistant: Assistant) -> None:
    desk = open_desk(tiny_assistant, rate=3)
    with serving(desk, mcp=build(desk)) as address:
        asked = [
            ("ask", {"question": question, "language": "fr"}) for question in ("", "a" * 5000, "Merci !", "Merci !")
        ]
        empty, long, answered, refused = told(address, *asked)
        (odd,) = told(address, ("ask", {"question": "Who?", "language": "de"}))
        assert httpx.post(f"{address}api/ask", json={"question": "Merci !", "language": "ko"}).status_code == 429
    assert "vide" in empty.content[0].text
    assert "5000" in long.content[0].text
    assert not answered.is_error
    assert "plus de 3 questions" in refused.content[0].text
    assert all(each.is_error for each in (empty, long, refused, odd))


def test_it_is_off_unless_wanted_and_deaf_to_pages_of_other_sites(tiny_assistant: Assistant) -> None:
    desk = open_desk(tiny_assistant)
    with serving(desk) as address:
        assert httpx.post(f"{address}mcp", json={}).status_code == 404
    with serving(desk, mcp=build(desk), root_path="/town") as address:
        assert httpx.post(f"{address}mcp", json={}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
        assert httpx.get(f"{address}mcp").status_code == 405
        assert httpx.get(f"{address}mcp/other").status_code == 404
        assert told(address, ("ask", {"question": "Hello"}))[0].structured_content["kind"] == "greeting"


def test_a_missing_package_is_said_in_one_line(tiny_assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    with pytest.raises(SettingsError, match=r"pip install 'askmission\[mcp\]'"):
        build(open_desk(tiny_assistant))
