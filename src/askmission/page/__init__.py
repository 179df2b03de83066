"""The chat page: Gradio serves it, queues the questions and carries them; what is seen is one HTML component of ours.

`gr.Chatbot` reads Markdown, which makes text of reports into markup, has no place for a citation that opens its source,
and is one live region that screen readers read out as it changes. Escaped HTML of our own is less code than taming it:
`rendering` makes it, `page.js` puts it in place. Not for answering: `Assistant` does that.
"""

import asyncio
import logging
import os
import socket
from importlib.resources import files
from string import Template
from typing import Any

from babel.dates import format_date

from askmission.assistant import MAX_HISTORY, Assistant
from askmission.conversation import Turn
from askmission.errors import AskMissionError, SettingsError
from askmission.page import labels, rendering
from askmission.page.examples import examples
from askmission.page.guard import Guard
from askmission.text import LANGUAGES

MAX_QUEUE = 64
"""Questions that may wait for an answer; one more is told to come back."""

MAX_TURN = 2000
"""Earlier messages are cut to this many characters."""

QUIET = {
    "GRADIO_ANALYTICS_ENABLED": "False",  # nothing is told to Gradio's makers
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",  # no list of who asked when
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": str(10**12),  # nor figures of it, which pandas would make after each answer
}

LOST = "() => document.querySelector('.am-log').dispatchEvent(new CustomEvent('am-lost', {bubbles: true}))"
"""What the browser does when the queue is full or the server is gone: page.js listens for it."""

FONT = ("system-ui", "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR", "Noto Sans CJK KR", "sans-serif")
"""Fonts that systems have, with Hangul: nothing is fetched."""

_log = logging.getLogger(__name__)


def serve(assistant: Assistant, *, host: str, port: int, limit: int, wait: bool = True) -> Any:
    """Serve the page at `host` and `port`, answering up to `limit` questions at once, until interrupted.

    With `wait` false it returns at once, with Gradio's app, whose `close()` ends it. Raises `SettingsError` if it
    cannot listen there.
    """
    try:  # ourselves: Gradio would say it in many lines, and leave the socket open
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as error:
        raise SettingsError(f"{host}:{port}: cannot listen there. Choose another with --host and --port.") from error
    os.environ.update(QUIET)  # before Gradio is imported: it reports on import too
    import gradio
    from starlette.middleware import Middleware

    page = build_page(assistant, limit)
    theme = gradio.themes.Base(font=FONT, font_mono=("ui-monospace", "monospace"))
    page.launch(
        server_name=host,
        server_port=port,
        theme=theme,
        head=f"<style>{_file('page.css')}</style>",
        app_kwargs={"middleware": [Middleware(Guard)]},
        prevent_thread_lock=not wait,
        share=False,
        show_error=False,
        ssr_mode=False,
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        strict_cors=True,
        allowed_paths=[],
        max_file_size="1kb",
        state_session_capacity=1000,
        quiet=not wait,
    )
    return page


def build_page(assistant: Assistant, limit: int) -> Any:
    """Return the page as a `gradio.Blocks` that has not been launched."""
    import gradio

    report = rendering.Report.of(assistant.index)
    index = assistant.index

    async def answer(event: gradio.EventData) -> dict[str, Any]:
        return await reply(assistant, report, event._data)

    with gradio.Blocks(title="AskMission", analytics_enabled=False, fill_width=True) as page:
        shown = gradio.HTML(
            html_template=_skeleton(),
            js_on_load=_file("page.js"),
            apply_default_css=False,
            elem_id="askmission",
            texts=labels.catalog(),
            labels={name.lower(): str(text) for name, text in labels.BY_NAME.items()},
            missions={language: [m.title.in_language(language) for m in index.missions] for language in LANGUAGES},
            date={language: format_date(index.manifest.built, "long", language) for language in LANGUAGES},
            built=index.manifest.built.isoformat(),
            examples={language: examples(assistant, language) for language in LANGUAGES},
        )
        asked = shown.ask(
            answer,
            None,
            shown,
            api_visibility="private",
            concurrency_limit=limit,
            show_progress="hidden",
            trigger_mode="multiple",
        )
        asked.failure(
            None,
            js=LOST,
        )
    return page.queue(max_size=MAX_QUEUE, api_open=False)


async def reply(assistant: Assistant, report: rendering.Report, asked: dict[str, Any]) -> dict[str, Any]:
    """Answer what the browser asks: `id`, `question`, `history` and `language`, any of which may be anything.

    Returns the turn's `id`, its `html`, and the `answer` as DESIGN's JSON or None.
    """
    name, question = str(asked.get("id", ""))[:64], str(asked.get("question", ""))
    page = asked.get("language")
    page = page if page in LANGUAGES else "en"
    try:
        answer = await asyncio.to_thread(assistant.ask, question, history=_history(asked.get("history")), language=page)
        return {"id": name, "html": rendering.turn(answer, report, page, name), "answer": answer.as_dict()}
    except AskMissionError as error:
        message = str(error)
    except Exception:
        _log.exception("a question could not be answered")
        message = labels.BROKEN.in_language(page)
    return {"id": name, "html": rendering.failure(question[:MAX_TURN], message, page), "answer": None}


def _history(raw: Any) -> list[Turn]:
    """Return the turns that the browser remembers, without what is no turn."""
    turns = raw if isinstance(raw, list) else []
    return [
        Turn(turn["role"], str(turn.get("content", ""))[:MAX_TURN])
        for turn in turns[-MAX_HISTORY:]
        if isinstance(turn, dict) and turn.get("role") in {"user", "assistant"}
    ]


def _skeleton() -> str:
    return Template(_file("page.html")).substitute({name.lower(): text for name, text in labels.BY_NAME.items()})


def _file(name: str) -> str:
    return files("askmission.page").joinpath(name).read_text("utf-8")
