"""The desk: where questions are received, one after another, bounded, counted and logged without their words.

It also looks out for an index that was rebuilt, and takes it without anyone having to wait. Not for answering
(`assistant`) nor for the ways questions come in (`page`, `server`).
"""

import asyncio
import json
import logging
import threading
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Generic, TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from askmission.assistant import Answer, Assistant
from askmission.conversation import Turn
from askmission.errors import AskMissionError, BusyError
from askmission.index import CURRENT, open_index
from askmission.messages import Text
from askmission.text import LANGUAGES

MAX_WAITING = 64
"""Questions that may wait for their turn; one more is told to come back."""

PATIENCE = 50.0
"""Seconds that a question may take with its waiting: less than the page, and a proxy, will wait."""

MAX_CLIENTS = 10_000
"""Clients whose questions are counted; the one that has been silent longest is forgotten first."""

LOOK_OUT = 2.0
"""Seconds between two looks for a rebuilt index."""

BUSY = Text("Many people are asking just now. Please ask again in a moment.")
SLOW = Text("This takes too long just now. Please ask again in a moment.")
TOO_MANY = Text("That is more than {most} questions a minute. Please wait a little before the next one.")

BUCKETS = (0.01, 0.02, 0.04, 0.08, 0.1, 0.15, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)

Shown = TypeVar("Shown")
Key = TypeVar("Key", bound=Hashable)
Done = TypeVar("Done")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Served(Generic[Shown]):
    """An assistant, and what was made of its index for those who show it."""

    assistant: Assistant
    shown: Shown


class Desk(Generic[Shown]):
    """Puts questions to the assistant of the index in use. One event loop asks; `refresh` may be called anywhere."""

    def __init__(
        self,
        assistant: Assistant,
        prepare: Callable[[Assistant], Shown],
        *,
        limit: int = 8,
        rate: int = 0,
        log_questions: bool = False,
    ) -> None:
        """Answer up to `limit` questions at once and up to `rate` a minute from one client (0: any number)."""
        self._prepare = prepare
        self._slots = asyncio.Semaphore(limit)
        self._threads = ThreadPoolExecutor(limit, "answering")
        self._waiting = 0
        self._rate = Rate(rate) if rate else None
        self._rate_beside = Rate(rate) if rate else None
        self.log_questions = log_questions
        self._refreshing = threading.Lock()
        self.metrics = Metrics()
        self.served = self._serve(assistant)
        self._seen = self.served.assistant.index.folder.name

    async def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        language: str | None = None,
        client: str | None = None,
        face: str = "api",
    ) -> tuple[Answer, Served[Shown]]:
        """Answer a question; return the answer, and what it was answered from.

        Raises `QuestionError` as `Assistant.ask` does, and `BusyError` if too many are asked, here or by this client,
        or it takes too long.
        """
        served = self.served
        spoken = language if language in LANGUAGES else served.assistant.own_language
        began = time.perf_counter()
        kind, told = "error", spoken
        try:
            self.admit(client, spoken)
            put = partial(served.assistant.ask, question, history=history, language=language)
            answer = await self._in_turn(put, spoken)
            kind, told = answer.kind, answer.language
        except BusyError:
            kind = "busy"
            raise
        except asyncio.CancelledError:
            kind = "stopped"
            raise
        finally:
            seconds = time.perf_counter() - began
            self.metrics.questions.labels(told, kind).inc()
            if kind not in {"error", "busy", "stopped"}:
                self.metrics.latency.observe(seconds)
            words: dict[str, Any] = {"question": question[:1000]} if self.log_questions else {}
            event(_log, "asked", face=face, language=told, kind=kind, ms=round(seconds * 1000, 1), **words)
        return answer, served

    def admit(self, client: str | None, language: str) -> None:
        """Count what a client sends. Raises `BusyError` if it is too much."""
        _take(self._rate, client, language)

    async def once(
        self,
        known: dict[Key, asyncio.Future[Done]],
        key: Key,
        work: Callable[[], Done],
        *,
        client: str | None,
        language: str,
    ) -> Done:
        """Return what is `known`, or do the work for it as a question is answered; what fails is not kept.

        It does not count among the client's questions. Raises `BusyError` if it is too much, for itself.
        """
        if key not in known:
            _take(self._rate_beside, client, language)
            known[key] = asyncio.ensure_future(self._in_turn(work, language))
            known[key].add_done_callback(lambda done: known.pop(key) if done.cancelled() or done.exception() else None)
        return await asyncio.shield(known[key])

    def refresh(self) -> bool:
        """Take the index that is in use now, if it is another; return whether it was. What cannot be opened is left."""
        with self._refreshing:
            index, encoder = self.served.assistant.index, self.served.assistant.encoder
            try:
                name = (index.folder.parent / CURRENT).read_text("utf-8").strip()
            except OSError:
                return False
            if name in {self._seen, ""}:
                return False
            self._seen = name  # tried once, whatever comes of it
            try:
                opened = open_index(index.folder.parent, index.manifest.encoder)
                self.served = self._serve(Assistant(opened, encoder))
            except (AskMissionError, OSError) as error:
                event(_log, "index refused", logging.WARNING, index=name, reason=str(error))
                return False
            event(_log, "index taken", index=name, passages=len(opened.entries))
            return True

    async def look_out(self) -> None:
        """Look for a rebuilt index for ever, and open it in a thread of its own."""
        while True:
            await asyncio.sleep(LOOK_OUT)
            try:
                await asyncio.to_thread(self.refresh)
            except Exception:
                _log.exception("the index could not be looked at")

    async def _in_turn(self, work: Callable[[], Done], spoken: str) -> Done:
        if self._slots.locked() and self._waiting >= MAX_WAITING:
            raise BusyError(BUSY.in_language(spoken))
        try:
            async with asyncio.timeout(PATIENCE):
                self._waiting += 1
                try:
                    await self._slots.acquire()
                finally:
                    self._waiting -= 1
                answering = asyncio.get_running_loop().run_in_executor(self._threads, work)
                answering.add_done_callback(self._free)  # not sooner: a thread goes on when nobody waits for it
                return await asyncio.shield(answering)
        except TimeoutError as error:
            raise BusyError(SLOW.in_language(spoken)) from error

    def _free(self, answering: asyncio.Future[Any]) -> None:
        self._slots.release()
        if not answering.cancelled():
            answering.exception()  # looked at, or asyncio would log it

    def _serve(self, assistant: Assistant) -> Served[Shown]:
        served = Served(assistant, self._prepare(assistant))
        self.metrics.tell(assistant)
        return served


class Rate:
    """How often a minute each client may do something: a bucket that fills up in a minute."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._clients: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str, count: int = 1) -> bool:
        """Return whether a client may do it once more, and if so count that; with `count` 0 only tell."""
        now = time.monotonic()
        left, last = self._clients.pop(client, (float(self.most), now))
        left = min(float(self.most), left + (now - last) * self.most / 60)
        may = left >= 1
        self._clients[client] = (left - count if may else left, now)
        if len(self._clients) > MAX_CLIENTS:
            self._clients.popitem(last=False)
        return may


def _take(rate: Rate | None, client: str | None, language: str) -> None:
    if rate and client is not None and not rate.take(client):
        raise BusyError(TOO_MANY.in_language(language, most=rate.most))


class Metrics:
    """What is counted, for Prometheus; never a word of a question."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.questions = Counter(
            "askmission_questions",
            "Questions by language and by what came of them (answer, refusal, greeting, error, busy, stopped)",
            ["language", "kind"],
            registry=self.registry,
        )
        self.latency = Histogram(
            "askmission_answer_seconds", "Seconds from question to answer", buckets=BUCKETS, registry=self.registry
        )
        self.index = Gauge("askmission_index_info", "The index in use", ["name", "encoder"], registry=self.registry)
        self.built = Gauge("askmission_index_built_seconds", "When the index was built", registry=self.registry)
        self.passages = Gauge("askmission_index_passages", "Passages of the index in use", registry=self.registry)
        self.feedback = Counter("askmission_feedback", "Feedback by verdict", ["verdict"], registry=self.registry)

    def tell(self, assistant: Assistant) -> None:
        """Tell which index is in use."""
        index = assistant.index
        self.index.clear()
        self.index.labels(index.folder.name, index.manifest.encoder).set(1)
        self.built.set(index.manifest.built.timestamp())
        self.passages.set(len(index.entries))


def event(log: logging.Logger, what: str, level: int = logging.INFO, **fields: Any) -> None:
    """Log an event with its fields."""
    log.log(level, what, extra={"fields": fields})


class JsonLines(logging.Formatter):
    """Writes each record as one line of JSON; what an error says only if `words`, for it may quote a question."""

    def __init__(self, *, words: bool = False) -> None:
        super().__init__()
        self.words = words

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            said["error"] = self.formatException(record.exc_info) if self.words else _wordless(record.exc_info[1])
        return json.dumps(said, ensure_ascii=False, default=str)


def _wordless(error: BaseException | None) -> str:
    """Return the trace of an error and of those it came from, without what they say."""
    chain: list[BaseException] = []
    while error and error not in chain:
        chain.append(error)
        error = error.__cause__ or error.__context__
    return "\n\n".join(
        "".join([*traceback.format_tb(each.__traceback__), type(each).__name__]) for each in reversed(chain)
    )
