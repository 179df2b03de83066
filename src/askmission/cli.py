"""The command line: a thin border that parses, calls and shows; errors become one line here and only here."""

import io
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, Literal

import typer

from askmission import passwords
from askmission.errors import AskMissionError, QuestionError
from askmission.settings import Settings, open_settings

if TYPE_CHECKING:
    from askmission.assistant import Answer, Assistant
    from askmission.conversation import Turn

app = typer.Typer(
    help="Answers questions about study-mission reports in French, English or Korean, with their sources.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def main() -> None:
    """Run the command line."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    app()


def _fail(message: str) -> None:
    typer.echo(f"askmission: {message}", err=True)


def _command(function: Callable[..., None]) -> Callable[..., None]:
    """Turn the program's errors, and what a machine may run into, into one line and exit status 1.

    What the terminal's encoding lacks, lone surrogates too, is shown as "?".
    """

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> None:
        for stream in (sys.stdin, sys.stdout):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        try:
            function(*args, **kwargs)
        except AskMissionError as error:
            _fail(str(error))
            raise typer.Exit(1) from error
        except BrokenPipeError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(1) from error
        except OSError as error:
            _fail(f"{error.filename or 'input or output'}: {error.strerror}. Check the path, its rights and the disk.")
            raise typer.Exit(1) from error
        except KeyboardInterrupt as error:
            _fail("stopped.")
            raise typer.Exit(1) from error

    return run


@app.command()
@_command
def build(
    check: Annotated[bool, typer.Option("--check", help="Only tell whether the index is current.")] = False,
) -> None:
    """Build the index from the corpus."""
    settings = open_settings()
    if check:
        _check(settings)
    else:
        _build(settings)


@app.command()
@_command
def ask(
    question: Annotated[str | None, typer.Argument(help="The question; without one, a conversation.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as one JSON object.")] = False,
    batch: Annotated[
        str | None,
        typer.Option("--batch", metavar="FILE", help="Answer each line of a JSONL file; - for standard input."),
    ] = None,
) -> None:
    """Answer one question, or hold a conversation in the terminal."""
    if batch and question:
        raise typer.BadParameter("give a question or --batch, not both")
    assistant = _open(open_settings())
    if batch:
        with _input(batch) as lines:
            if _answer_lines(assistant, lines):
                raise typer.Exit(1)
    elif question is not None:
        answer = assistant.ask(question, language=_own_language())
        typer.echo(json.dumps(answer.as_dict(), ensure_ascii=False) if as_json else _shown(answer))
    else:
        _converse(assistant, as_json=as_json)


@app.command()
@_command
def translate(
    mission: Annotated[str, typer.Argument(help="The mission's id.")],
    extract: Annotated[bool, typer.Option("--extract", help="Make or update the PO files to translate.")] = False,
) -> None:
    """Bring a mission's PO files up to date with its report; nothing in them is lost."""
    if not extract:
        raise typer.BadParameter("say --extract: it is what this command does")
    from askmission.missions import open_mission
    from askmission.reading import read_report
    from askmission.translations import extract as extract_translations

    folder = open_mission(open_settings().corpus, mission)
    for path in extract_translations(folder, read_report(folder)):
        typer.echo(path)


@app.command()
@_command
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.", min=1, max=65535)] = None,
) -> None:
    """Open the chat page; build the index first if it is missing or out of date."""
    settings = open_settings()
    known = passwords.Passwords.open(settings.passwords) if settings.passwords else None
    _build(settings)
    from askmission import server

    server.log_to_stderr(words=settings.log_questions)
    from askmission import tool
    from askmission.feedback import FeedbackStore
    from askmission.page.about import About

    desk = server.open_desk(
        _open(settings), limit=settings.concurrency, rate=settings.rate, log_questions=settings.log_questions
    )
    server.serve(
        desk,
        host=host or settings.host,
        port=port or settings.port,
        root_path=settings.root_path,
        about=About(settings.operator, settings.contact, settings.audit),
        passwords=known,
        mcp=tool.build(desk) if settings.mcp else None,
        store=FeedbackStore(settings.data, settings.feedback_days) if settings.feedback_days else None,
        started=lambda address: typer.echo(f"AskMission: {address} (Ctrl + C ends it)"),
    )


@app.command()
@_command
def password(name: Annotated[str, typer.Argument(help="The name to come in by.")]) -> None:
    """Ask for a password and print its line for the file of ASKMISSION_PASSWORDS."""
    typer.echo(passwords.line(name, typer.prompt("Password", hide_input=True, confirmation_prompt="Again", err=True)))


@app.command()
@_command
def feedback(
    as_csv: Annotated[bool, typer.Option("--csv", help="Print it as CSV.")] = False,
    as_questions: Annotated[bool, typer.Option("--as-questions", help="Print drafts of golden questions.")] = False,
) -> None:
    """List what people said of answers in the chat page."""
    if as_csv and as_questions:
        raise typer.BadParameter("give --csv or --as-questions, not both")
    from askmission import feedback as said

    settings = open_settings()
    store = said.FeedbackStore(settings.data, settings.feedback_days or 3650)
    found = store.all()
    if not found:
        typer.echo(f"{store.path}: nothing has been said yet.", err=True)
    if as_csv:
        typer.echo(said.to_csv(found), nl=False)
    elif as_questions:
        typer.echo(said.as_questions(found), nl=False)
    else:
        for line in said.lines(found):
            typer.echo(line)


@app.command("eval")
@_command
def evaluate(
    split: Annotated[Literal["dev", "test", "all"], typer.Option(help="Which golden questions to ask.")] = "all",
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the run to FILE.")] = None,
    report: Annotated[Path | None, typer.Option(metavar="DIR", help="Write a page with plots into DIR.")] = None,
    against: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Compare with an earlier run; exit 1 on a regression.")
    ] = None,
) -> None:
    """Put the golden questions in three languages and show how good the answers are."""
    from askmission import comparison, evaluation, report_page
    from askmission.golden import open_golden
    from askmission.index import is_current

    settings = open_settings()
    golden = open_golden(settings.corpus)
    before = evaluation.open_evaluation(against) if against else None
    assistant = _open(settings)
    if not is_current(settings.corpus, settings.index, settings.encoder):
        typer.echo(f"{settings.index}: not what 'askmission build' would make of the corpus now.", err=True)
    with _progress() as progress:
        after = evaluation.evaluate(assistant, golden, split, progress)
    typer.echo(evaluation.table(after))
    compared = comparison.compare(before, after) if before else None
    if json_file:
        json_file.write_text(evaluation.to_json(after), "utf-8")
    if report:
        typer.echo(f"{report_page.write(after, report, compared)}: written.", err=True)
    if compared:
        typer.echo("\n".join(["", *comparison.lines(compared)]))
        if compared.regressions:
            raise typer.Exit(1)


def _build(settings: Settings) -> None:
    from askmission.encoder import open_encoder
    from askmission.index import build as build_index

    with _progress() as progress:
        built = build_index(settings.corpus, settings.index, settings.encoder, open_encoder, progress)
    done = (
        f"{built.encoded} encoded, {built.vectors - built.encoded} taken over" if built.changed else "already current"
    )
    typer.echo(f"{settings.index}: {built.passages} passages, {built.vectors} vectors, {done}.", err=True)


def _check(settings: Settings) -> None:
    from askmission.checks import check_corpus
    from askmission.index import is_current

    checked = check_corpus(settings.corpus)
    for line in (*checked.problems, *checked.shares):
        typer.echo(line)
    current = is_current(settings.corpus, settings.index, settings.encoder)
    typer.echo(f"{settings.index}: {'current' if current else 'out of date. Run askmission build'}.")
    if checked.problems or not current:
        raise typer.Exit(1)


def _open(settings: Settings) -> "Assistant":
    from askmission.assistant import Assistant

    return Assistant.open(settings.index, settings.encoder)


def _own_language() -> str | None:
    """Return the terminal's language, for questions that do not tell theirs."""
    from askmission.text import LANGUAGES

    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        language = os.environ.get(name, "")[:2]
        if language in LANGUAGES:
            return language
    return None


def _answer_lines(assistant: "Assistant", lines: IO[str]) -> int:
    """Print an answer for each line and return how many lines could not be answered."""
    failed = 0
    for line in lines:
        if not line.strip():
            continue
        record: dict[str, Any] = {}
        try:
            raw = _parsed(line)
            record = {"id": raw["id"]} if "id" in raw else {}
            answer = assistant.ask(_text(raw, "question"), history=_history(raw), language=raw.get("language"))
            shown = {**record, **answer.as_dict()}
        except AskMissionError as error:
            failed, shown = failed + 1, {**record, "error": str(error)}
        print(json.dumps(shown, ensure_ascii=False), flush=True)  # noqa: T201 - the batch's output
    return failed


def _parsed(line: str) -> dict[str, Any]:
    try:
        raw = json.loads(line)
    except json.JSONDecodeError as error:
        raise QuestionError(f"not JSON: {error.msg} at column {error.colno}") from error
    except RecursionError as error:
        raise QuestionError("not JSON that can be read: nested too deeply") from error
    except ValueError as error:
        raise QuestionError("not JSON that can be read: a number is too long") from error
    if not isinstance(raw, dict):
        raise QuestionError("a line must be a JSON object with a question")
    return raw


def _text(record: dict[str, Any], key: str) -> str:
    value = record.get(key)
    if not isinstance(value, str):
        raise QuestionError(f"'{key}' must be a text")
    return value


def _history(record: dict[str, Any]) -> list["Turn"]:
    from askmission.conversation import Turn

    turns = record.get("history") or []
    if not isinstance(turns, list) or not all(
        isinstance(turn, dict) and turn.get("role") in ("user", "assistant") and isinstance(turn.get("content"), str)
        for turn in turns
    ):
        raise QuestionError("'history' must be a list of objects with 'role' (user or assistant) and 'content'")
    return [Turn(turn["role"], turn["content"]) for turn in turns]


def _converse(assistant: "Assistant", *, as_json: bool) -> None:
    from askmission.conversation import Turn

    history: list[Turn] = []
    language = _own_language()
    while True:
        try:
            question = input("? " if sys.stdin.isatty() else "")
        except EOFError:
            return
        if not question.strip():
            continue
        try:
            answer = assistant.ask(question, history=history, language=language)
        except QuestionError as error:
            _fail(str(error))
            continue
        language = answer.language
        history += [Turn("user", question), Turn("assistant", answer.text)]
        typer.echo(json.dumps(answer.as_dict(), ensure_ascii=False) if as_json else _shown(answer) + "\n")


def _shown(answer: "Answer") -> str:
    """Return an answer as the terminal shows it: its text, then its sources with the original words."""
    from askmission.answering import QUOTED, WHERE
    from askmission.messages import UNOFFICIAL

    language = answer.language
    lines = [answer.text]
    for citation in answer.citations or answer.suggestions:
        place = " › ".join(citation.trail[-2:])
        lines.append(f"\n[{citation.number}] {citation.passage} ({citation.start}-{citation.end}) {place}")
        lines.append(f"    {QUOTED.in_language(language, words=citation.quote)}")
        if citation.translation:
            told = UNOFFICIAL.in_language(language)
            lines.append(f"    {WHERE.in_language(language, where=told, words=citation.translation)}")
    return "\n".join(lines)


@contextmanager
def _input(name: str) -> Iterator[IO[str]]:
    if name == "-":
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")
        yield sys.stdin
    else:
        with Path(name).open(encoding="utf-8-sig", errors="replace") as file:
            yield file


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """Show what a build is doing on standard error, on one line where that is a terminal."""
    seen = ""

    def show(what: str, done: int, of: int) -> None:
        nonlocal seen
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{what} {done}/{of}   ")
            sys.stderr.flush()
        elif what != seen:
            typer.echo(f"{what} …", err=True)
        seen = what

    yield show
    if sys.stderr.isatty() and seen:
        sys.stderr.write("\r" + " " * 40 + "\r")


if __name__ == "__main__":
    main()
