"""Serving as a browser meets it: the first question, slow answers, crowds, an index rebuilt under an open page."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

from askmission import Assistant
from askmission.server import open_desk, serving

QUESTION = "Who spoke about the tram?"


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
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    done = subprocess.run(
        [sys.executable, "-c", code, str(tiny_index)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_an_answer_does_not_wait_for_the_network_to_confirm_its_header(tiny_assistant: Assistant) -> None:
    with serving(open_desk(tiny_assistant)) as address, httpx.Client(base_url=address) as client:
        client.get("healthz")
        took = []
        for _ in range(10):
            began = time.perf_counter()
            client.get("healthz")
            took.append(time.perf_counter() - began)
    assert min(took) < 0.03  # it is 40 ms each time where the delay is on
