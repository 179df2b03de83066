"""The guard: what of Gradio's server the page needs is open, all else is shut; the browser is told to stay here.

Gradio compiles the component's template and script in the browser and lays styles inline, so the policy has to allow
'unsafe-eval' and 'unsafe-inline'. What is left of it still keeps every request, frame and form on this host.
"""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

MAX_BODY = 1_000_000
"""Bytes that a request may carry; the longest conversation that is looked at fits."""

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

OPEN = re.compile(
    r"/|/(?:config|theme\.css|favicon\.ico|manifest\.json|robots\.txt)/?|/(?:assets|static)/.+"
    r"|/gradio_api/(?:queue/(?:join|data|status)|heartbeat/\w+|startup-events|app_id|cancel|reset)/?"
    r"|/api/(?:ask|related|feedback|missions|page|docs|openapi\.json|report/[a-z0-9-]+)|/about/(?:about|privacy|accessibility)|/healthz|/readyz|/metrics"
)
"""The paths that answer: the page and its parts, the queue that carries questions and answers, our own interface."""

MCP = "/mcp"
"""The path of the tool for other assistants, where there is one."""

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'self'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)


class Guard:
    """ASGI middleware: answers 404 to every path that is not open, refuses what other sites' pages send, adds headers.

    It also tells the app below which path a reverse proxy offers it, whether or not the proxy cuts that path off.
    """

    def __init__(self, app: App, root_path: str = "", *, mcp: bool = False) -> None:
        self.app = app
        self.root_path = root_path
        self.mcp = mcp

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        async def refuse(status: int, why: bytes) -> None:
            await sealed(
                {"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]}
            )
            await send({"type": "http.response.body", "body": why})

        path = scope["path"]
        if self.root_path and f"{path}/".startswith(f"{self.root_path}/"):
            path = path.removeprefix(self.root_path)
        scope = {**scope, "root_path": self.root_path, "path": self.root_path + path}
        if not (OPEN.fullmatch(path or "/") or (self.mcp and path == MCP)):
            await refuse(404, b"Not found\n")
        elif path == MCP and scope["method"] != "POST":  # a GET would hold a line open for what never comes
            await refuse(405, b"Only POST\n")
        elif scope["method"] in {"GET", "HEAD"}:
            await self.app(scope, receive, sealed)
        elif (b"sec-fetch-site", b"cross-site") in scope["headers"]:  # a browser's word that another site's page asks
            await refuse(403, b"Not from another site\n")
        else:
            body = await _whole(receive)
            if body is None:
                await refuse(413, b"Too large\n")
            else:
                await self.app(scope, _again(body, receive), sealed)


async def _whole(receive: Receive) -> bytes | None:
    """Return the body of a request, None if it is too large."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"".join(parts)
        parts.append(message.get("body", b""))
        if sum(map(len, parts)) > MAX_BODY:
            return None
        if not message.get("more_body"):
            return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """Return what hands over a body that was read already, then what comes after it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def handed() -> Message:
        return waiting.pop() if waiting else await receive()

    return handed
