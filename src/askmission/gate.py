"""The gate: asks for a name and a password, by HTTP Basic, before anything but the health checks is answered.

It stands before the page, Gradio's queue and every interface alike. Not for whose password is right (`passwords`).
"""

import asyncio
import hashlib
import json
import logging
import os
from base64 import b64decode
from html import escape

from askmission.desk import Rate, event
from askmission.messages import Text, accepted
from askmission.page.guard import App, Message, Receive, Send
from askmission.passwords import Passwords

OPEN = frozenset({"/healthz", "/readyz"})

MOST_WRONG = 10
"""Wrong passwords a minute that one client may send."""

MAX_HEADER = 1000

LOCKED = Text("A name and a password are needed here. Those who run this service give them out.")
TOO_OFTEN = Text("Too many wrong passwords. Please wait a minute and try again.")

_log = logging.getLogger(__name__)


class Gate:
    """ASGI middleware: lets in who knows a password."""

    def __init__(self, app: App, passwords: Passwords) -> None:
        self.app = app
        self.passwords = passwords
        self.wrong = Rate(MOST_WRONG)
        self._key = os.urandom(32)
        self._known: set[bytes] = set()
        self._one_at_a_time = asyncio.Lock()  # each takes its share of the machine

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http" or scope["path"].removeprefix(scope["root_path"]) in OPEN:
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        given = headers.get(b"authorization", b"")
        client = scope["client"][0] if scope["client"] else ""
        if await self._let_in(given, client):
            await self.app(scope, receive, send)
            return
        often = not self.wrong.take(client, 0)
        language = accepted(headers.get(b"accept-language", b"").decode("latin-1")) or "en"
        said = (TOO_OFTEN if often else LOCKED).in_language(language)
        html = b"text/html" in headers.get(b"accept", b"")
        page = '<!doctype html><html lang="{}"><meta charset="utf-8"><title>AskMission</title><p>{}</p></html>'
        shown = page.format(language, escape(said)) if html else json.dumps({"error": said}, ensure_ascii=False)
        more = (b"retry-after", b"60") if often else (b"www-authenticate", b'Basic realm="AskMission", charset="UTF-8"')
        kind = b"text/html; charset=utf-8" if html else b"application/json"
        answer = [(b"content-type", kind), (b"content-language", language.encode()), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 429 if often else 401, "headers": [*answer, more]})
        await send({"type": "http.response.body", "body": shown.encode()})

    async def _let_in(self, given: bytes, client: str) -> bool:
        """Tell whether what a client gave is a name and its password. Only the first time is it hashed, and waits."""
        if not given or len(given) > MAX_HEADER:
            return False
        digest = hashlib.blake2b(given, key=self._key).digest()
        if digest in self._known:
            return True
        async with self._one_at_a_time:
            if not self.wrong.take(client, 0):
                return False
            name, password = _credentials(given)
            if await asyncio.to_thread(self.passwords.know, name, password):
                self._known.add(digest)
                return True
            self.wrong.take(client)
        event(_log, "password refused", logging.WARNING)
        return False


def _credentials(given: bytes) -> tuple[str, str]:
    """Return the name and the password of a Basic Authorization header, both empty if it is none."""
    kind, _, coded = given.partition(b" ")
    try:
        name, _, password = b64decode(coded.strip(), validate=True).decode("utf-8").partition(":")
    except ValueError:
        return "", ""
    return (name, password) if kind.lower() == b"basic" else ("", "")
