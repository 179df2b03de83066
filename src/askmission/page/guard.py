"""The guard: what of Gradio's server the page needs is open, all else is shut; the browser is told to stay here.

Gradio compiles the component's template and script in the browser and lays styles inline, so the policy has to allow
'unsafe-eval' and 'unsafe-inline'. What is left of it still keeps every request, frame and form on this host.
"""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

OPEN = re.compile(
    r"/|/(?:config|theme\.css|favicon\.ico|manifest\.json|robots\.txt)/?|/(?:assets|static)/.+"
    r"|/gradio_api/(?:queue/(?:join|data|status)|heartbeat/\w+|startup-events|app_id|cancel|reset)/?"
)
"""The paths that answer: the page and its parts, the queue that carries questions and answers."""

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'self'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)


class Guard:
    """ASGI middleware: answers 404 to every path that is not open, and adds the headers."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if OPEN.fullmatch(path or "/"):
            await self.app(scope, receive, sealed)
            return
        await sealed({"type": "http.response.start", "status": 404, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": b"Not found\n"})
