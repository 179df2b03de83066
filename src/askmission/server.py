"""The server: one ASGI app with the chat page, the HTTP interface and what those who run it look at.

Not for receiving questions (`desk`) nor for how anything looks (`page`).
"""

import asyncio
import logging
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from dataclasses import replace
from functools import partial
from html import escape
from typing import Any, Literal, TypedDict, Unpack

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware

from askmission.assistant import Answer, Assistant
from askmission.conversation import Turn
from askmission.desk import Desk, JsonLines, event
from askmission.errors import AskMissionError, BusyError, FeedbackError, SettingsError
from askmission.feedback import Cited, Feedback, FeedbackStore
from askmission.gate import Gate
from askmission.interface import Asked, MissionTold, Refused, Told
from askmission.messages import accepted
from askmission.page import about as about_pages
from askmission.page import file, labels, mount
from askmission.page.about import NOBODY, About
from askmission.page.examples import related
from askmission.page.guard import Guard
from askmission.page.report import whole
from askmission.page.shown import Shown
from askmission.page.warming import warm
from askmission.passwords import Passwords
from askmission.text import LANGUAGES

DAY = 24 * 3600.0
"""Seconds between two times that feedback too old is erased."""

_log = logging.getLogger(__name__)


class Options(TypedDict, total=False):
    """What a server may have besides the desk."""

    store: FeedbackStore | None
    """Where feedback goes; without it none is taken."""
    about: About
    """What those who run it say of it."""
    root_path: str
    """The path below which a reverse proxy offers it."""
    mcp: Starlette | None
    """The tool for other assistants (`tool.build`)."""
    passwords: Passwords | None
    """Who may come in; without them everybody."""


def create_app(desk: Desk[Shown], **options: Unpack[Options]) -> FastAPI:
    """Return the app."""
    store, root_path, mcp = options.get("store"), options.get("root_path", ""), options.get("mcp")

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(warm, desk.served)
        watching = [asyncio.create_task(each) for each in (desk.look_out(), *([_forget(store)] if store else []))]
        async with mcp.router.lifespan_context(mcp) if mcp else nullcontext():
            yield
        for each in watching:
            each.cancel()

    app = FastAPI(
        title="AskMission",
        summary="Questions about study missions, answered in the reports' own words, each with its source",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,  # served below: what FastAPI would show reads its script from another host
        lifespan=lifespan,
    )
    _add_interface(app, desk)
    about = replace(
        options.get("about", NOBODY), feedback_days=store.days if store else 0, log_questions=desk.log_questions
    )
    _add_page(app, desk, about)
    if store:
        _add_feedback(app, desk, store)
    _add_operation(app, desk)
    _add_errors(app)
    if mcp:
        app.router.routes.extend(mcp.routes)
    mount(app, desk, root_path)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    if passwords := options.get("passwords"):
        app.add_middleware(Gate, passwords=passwords)
    app.add_middleware(Guard, root_path=root_path, mcp=mcp is not None)
    return app


def _add_interface(app: FastAPI, desk: Desk[Shown]) -> None:
    refused: dict[int | str, dict[str, Any]] = {
        400: {"model": Refused, "description": "The question cannot be answered as it is"},
        422: {"model": Refused, "description": "The request is not as it must be"},
        429: {"model": Refused, "description": "Too many questions; ask again after the seconds of Retry-After"},
    }

    @app.post("/api/ask", response_model=Answer, responses=refused, summary="Answer a question")
    async def ask(asked: Asked, request: Request) -> Answer:
        history = [Turn(said.role, said.content) for said in asked.history]
        language = asked.language or _preferred(request)
        answer, _ = await desk.ask(asked.question, history=history, language=language, client=_client(request))
        return answer

    @app.get("/api/missions", summary="Tell which missions the reports are about, the earliest first")
    async def missions() -> list[MissionTold]:
        return MissionTold.all(desk.served.assistant.index)

    @app.get("/api/openapi.json", include_in_schema=False)
    async def openapi() -> JSONResponse:
        return JSONResponse(app.openapi())

    @app.get("/api/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(_documentation(app.openapi()))


def _add_page(app: FastAPI, desk: Desk[Shown], about: About) -> None:
    style, links = file("page.css"), about_pages.links(about)

    @app.get("/api/page", include_in_schema=False)
    async def start() -> dict[str, Any]:
        return {**desk.served.shown.start, "feedback_days": about.feedback_days, "about": links}

    @app.get("/api/related", include_in_schema=False)
    async def near(passage: str, language: Literal["fr", "en", "ko"], request: Request) -> list[str]:
        served, key = desk.served, (passage, language)
        if passage not in served.shown.report.places:
            return []
        work = partial(related, served.assistant, *key)
        return await desk.once(served.shown.related, key, work, client=_client(request), language=language)

    @app.get("/about/{name}", include_in_schema=False)
    async def told(
        name: Literal["about", "privacy", "accessibility"], request: Request, language: str | None = None
    ) -> HTMLResponse:
        index = desk.served.assistant.index
        spoken = language if language in LANGUAGES else _preferred(request) or desk.served.assistant.own_language
        return HTMLResponse(about_pages.shown(name, about, index, spoken, style))

    @app.get("/api/report/{mission}", include_in_schema=False)
    def report(mission: str, request: Request, language: Literal["fr", "en", "ko"] = "en") -> Response:
        served = desk.served
        tag = f'"{served.assistant.index.folder.name}-{language}"'
        headers = {"ETag": tag, "Cache-Control": "no-cache"}
        if request.headers.get("if-none-match", "").removeprefix("W/") == tag:
            return Response(status_code=304, headers=headers)
        html = whole(served.shown.report, mission, language)
        if html is None:
            return PlainTextResponse("Not found\n", 404)
        return HTMLResponse(html, headers=headers)


def _add_feedback(app: FastAPI, desk: Desk[Shown], store: FeedbackStore) -> None:
    @app.post("/api/feedback", include_in_schema=False, status_code=204)
    async def feedback(told: Told, request: Request) -> None:
        desk.admit(_client(request), told.language)
        cited = tuple(Cited(**each.model_dump()) for each in told.cited)
        await asyncio.to_thread(store.add, Feedback(**{**told.model_dump(), "cited": cited}))
        desk.metrics.feedback.labels(told.verdict).inc()


async def _forget(store: FeedbackStore) -> None:
    """Erase the feedback that is too old, now and every day."""
    while True:
        try:
            await asyncio.to_thread(store.forget)
        except FeedbackError as error:
            event(_log, "feedback not forgotten", logging.ERROR, reason=str(error))
        await asyncio.sleep(DAY)


def _add_operation(app: FastAPI, desk: Desk[Shown]) -> None:
    @app.get("/healthz", include_in_schema=False)
    async def health() -> PlainTextResponse:
        return PlainTextResponse("ok\n")

    @app.get("/readyz", include_in_schema=False)
    async def ready() -> JSONResponse:
        """Tell whether an answer can be given, by having a question encoded and searched for."""
        try:
            assistant = desk.served.assistant
            await asyncio.to_thread(assistant.search, "ready?", assistant.own_language, limit=1)
        except Exception:
            _log.exception("not ready")
            return JSONResponse({"ready": False}, 503)
        return JSONResponse({"ready": True, "index": assistant.index.folder.name})

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(desk.metrics.registry), media_type=CONTENT_TYPE_LATEST)


def _add_errors(app: FastAPI) -> None:
    @app.exception_handler(AskMissionError)
    async def refused(request: Request, error: AskMissionError) -> JSONResponse:
        if isinstance(error, BusyError):
            return JSONResponse({"error": str(error)}, 429, {"Retry-After": "10"})
        if isinstance(error, FeedbackError):  # where the file lies is nobody's business
            event(_log, "feedback not kept", logging.ERROR, reason=str(error))
            return JSONResponse({"error": labels.NOT_KEPT.in_language(_preferred(request) or "en")}, 503)
        return JSONResponse({"error": str(error)}, 400)

    @app.exception_handler(RequestValidationError)
    async def unreadable(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part != "body") or "request"
        return JSONResponse({"error": f"{where}: {first['msg']}"}, 422)

    @app.exception_handler(Exception)
    async def broken(request: Request, _: Exception) -> JSONResponse:  # uvicorn logs it, and hangs up
        said = labels.BROKEN.in_language(_preferred(request) or "en")
        return JSONResponse({"error": said}, 500, {"Connection": "close"})


def _client(request: Request) -> str | None:
    return request.client.host if request.client else None


def _preferred(request: Request) -> str | None:
    return accepted(request.headers.get("accept-language", ""))


def _documentation(described: dict[str, Any]) -> str:
    """Return what OpenAPI tells as a plain page: FastAPI's own reads scripts from another host."""
    parts = []
    for path, methods in described["paths"].items():
        for method, each in methods.items():
            lines = "".join(
                f"<li><b>{escape(code)}</b> {escape(answer.get('description', ''))}</li>"
                for code, answer in each["responses"].items()
            )
            parts.append(
                f"<h2><code>{method.upper()} {escape(path)}</code></h2><p>{escape(each['summary'])}</p><ul>{lines}</ul>"
            )
    for name, schema in described["components"]["schemas"].items():
        rows = "".join(
            f"<li><code>{escape(field)}</code> {escape(what.get('description', what.get('type', '')))}</li>"
            for field, what in schema.get("properties", {}).items()
        )
        parts.append(f"<h3>{escape(name)}</h3><ul>{rows}</ul>")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>AskMission: HTTP interface</title>'
        '<meta name="viewport" content="width=device-width"><style>body{font:1rem/1.6 system-ui;max-width:48rem;'
        "margin:2rem auto;padding:0 1rem;color-scheme:light dark}</style></head><body><main>"
        f"<h1>AskMission: HTTP interface</h1><p>{escape(described['info']['summary'])}.</p>"
        f'<p><a href="openapi.json">As OpenAPI</a></p>{"".join(parts)}</main></body></html>'
    )


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._tell()


def serve(
    desk: Desk[Shown],
    *,
    host: str,
    port: int,
    started: Callable[[str], None] = lambda _: None,
    **options: Unpack[Options],
) -> None:
    """Serve at `host` and `port` until interrupted; `started` is told the address once somebody can be answered.

    Raises `SettingsError` if it cannot listen there.
    """
    server, listening, _ = _prepared(desk, host, port, started, options)
    with listening, suppress(KeyboardInterrupt):  # uvicorn raises it again once it has shut down
        server.run([listening])


@contextmanager
def serving(desk: Desk[Shown], *, port: int = 0, **options: Unpack[Options]) -> Iterator[str]:
    """Serve in a thread of its own, by default at any free port, and yield the address: for tests and benchmarks."""
    up = threading.Event()
    server, listening, address = _prepared(desk, "127.0.0.1", port, lambda _: up.set(), options)
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    with listening:
        thread.start()
        if not up.wait(30):
            raise SettingsError(f"{address}: the server did not start.")
        try:
            yield address
        finally:
            server.should_exit = True
            thread.join(10)


def _prepared(
    desk: Desk[Shown], host: str, port: int, started: Callable[[str], None], options: Options
) -> tuple[_Server, socket.socket, str]:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family, backlog=512)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # or each body waits 40 ms behind its header
    except OSError as error:
        raise SettingsError(f"{host}:{port}: cannot listen there. Choose another with --host and --port.") from error
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listening.getsockname()[1]}{options.get('root_path', '')}/"
    config = uvicorn.Config(
        lambda: create_app(desk, **options),
        factory=True,  # in the server's own loop: Gradio makes one where there is none, and leaves it open
        log_config=None,
        access_log=False,  # it would hold who read what
        server_header=False,
        timeout_graceful_shutdown=2,  # pages keep a line open
        lifespan="on",
        ws="none",
    )

    def tell() -> None:
        event(_log, "listening", address=address, index=desk.served.assistant.index.folder.name)
        started(address)

    return _Server(config, tell), listening, address


def open_desk(assistant: Assistant, *, limit: int = 8, rate: int = 0, log_questions: bool = False) -> Desk[Shown]:
    """Return a desk that shows the page; the arguments are `Desk`'s."""
    return Desk(assistant, Shown.of, limit=limit, rate=rate, log_questions=log_questions)


def log_to_stderr(*, words: bool = False) -> None:
    """Have the program and what it runs on log one line of JSON an event, with what errors say if `words`."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines(words=words))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("askmission").setLevel(logging.INFO)
