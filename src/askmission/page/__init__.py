"""The chat page: Gradio serves it, queues the questions and carries them; what is seen is one HTML component of ours.

`gr.Chatbot` reads Markdown, which makes text of reports into markup, has no place for a citation that opens its source,
and is one live region that screen readers read out as it changes. Escaped HTML of our own is less code than taming it:
`rendering` makes it, `page.js` puts it in place. Not for answering: `Assistant` does that.
"""

import logging
import os
from importlib.resources import files
from string import Template
from typing import Any

from fastapi import FastAPI

from askmission.assistant import MAX_HISTORY
from askmission.conversation import Turn
from askmission.desk import Desk
from askmission.errors import AskMissionError
from askmission.page import labels, rendering
from askmission.page.shown import Shown
from askmission.text import LANGUAGES

MAX_QUEUE = 512
"""Questions that Gradio holds; the desk turns people away, in their language, long before."""

MAX_TURN = 2000
"""Earlier messages are cut to this many characters."""

QUIET = {
    "GRADIO_ANALYTICS_ENABLED": "False",  # nothing is told to Gradio's makers
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",  # no list of who asked when
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": str(10**12),  # nor figures of it, which pandas would make after each answer
    "MPLBACKEND": "agg",  # at the first question Gradio looks which backend Matplotlib has: half a second, if not said
}

SCRIPTS = ("page.js", "keeping.js", "panel.js", "begin.js")
"""The browser's part, in the order it is read."""

LOST = "() => document.querySelector('.am-log').dispatchEvent(new CustomEvent('am-lost', {bubbles: true}))"
"""What the browser does when the queue is full or the server is gone: page.js listens for it."""

FONT = ("system-ui", "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR", "Noto Sans CJK KR", "sans-serif")
"""Fonts that systems have, with Hangul: nothing is fetched."""

_log = logging.getLogger(__name__)


def mount(app: FastAPI, desk: Desk[Shown], root_path: str = "") -> None:
    """Mount the page at the root of an app; `root_path` is the path below which a reverse proxy offers the app."""
    os.environ.update(QUIET)  # before Gradio is imported: it reports on import too
    import gradio

    page = build_page(desk)
    page.state_session_capacity = 1000
    theme = gradio.themes.Base(font=FONT, font_mono=("ui-monospace", "monospace"))
    gradio.mount_gradio_app(
        app,
        page,
        "/",
        theme=theme,
        head=f"<style>{file('page.css')}</style>",
        root_path=root_path or None,
        show_error=False,
        ssr_mode=False,
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        mcp_server=False,
        allowed_paths=[],
        max_file_size="1kb",
    )


def build_page(desk: Desk[Shown]) -> Any:
    """Return the page as a `gradio.Blocks` that is not mounted yet."""
    import gradio

    async def answer(event: gradio.EventData, request: gradio.Request) -> dict[str, Any]:
        return await reply(desk, event._data, request.client.host if request.client else None)

    with gradio.Blocks(title="AskMission", analytics_enabled=False, fill_width=True) as page:
        shown = gradio.HTML(
            html_template=_skeleton(),
            js_on_load="\n".join(map(file, SCRIPTS)),
            apply_default_css=False,
            elem_id="askmission",
            texts=labels.catalog(),
            labels={name.lower(): str(text) for name, text in labels.BY_NAME.items()},
        )
        asked = shown.ask(
            answer,
            None,
            shown,
            api_visibility="private",
            concurrency_limit=None,  # the desk bounds it, and says so in the page's language
            show_progress="hidden",
            trigger_mode="multiple",
        )
        asked.failure(None, js=LOST)
        shown.stop(None, cancels=[asked], api_visibility="private")
    return page.queue(max_size=MAX_QUEUE, api_open=False)


async def reply(desk: Desk[Shown], asked: dict[str, Any], client: str | None = None) -> dict[str, Any]:
    """Answer what the browser asks: `id`, `question`, `history` and `language`, any of which may be anything.

    Returns the turn's `id`, its `html`, the `answer` as DESIGN's JSON or None, and when its index was `built`.
    """
    name, question = str(asked.get("id", ""))[:64], str(asked.get("question", ""))
    page = asked.get("language")
    page = page if page in LANGUAGES else "en"
    try:
        history = _history(asked.get("history"))
        answer, served = await desk.ask(question, history=history, language=page, client=client, face="page")
        html = rendering.turn(answer, served.shown.report, page, name)
        built = served.assistant.index.manifest.built.isoformat()
        return {"id": name, "html": html, "answer": answer.as_dict(), "built": built}
    except AskMissionError as error:
        message = str(error)
    except Exception:
        _log.exception("a question could not be answered")
        message = labels.BROKEN.in_language(page)
    return {"id": name, "html": rendering.failure(question[:MAX_TURN], message, page), "answer": None, "built": ""}


def _history(raw: Any) -> list[Turn]:
    """Return the turns that the browser remembers, without what is no turn."""
    turns = raw if isinstance(raw, list) else []
    return [
        Turn(turn["role"], str(turn.get("content", ""))[:MAX_TURN])
        for turn in turns[-MAX_HISTORY:]
        if isinstance(turn, dict) and turn.get("role") in {"user", "assistant"}
    ]


def _skeleton() -> str:
    return Template(file("page.html")).substitute({name.lower(): text for name, text in labels.BY_NAME.items()})


def file(name: str) -> str:
    """Return a file of the page."""
    return files("askmission.page").joinpath(name).read_text("utf-8")
