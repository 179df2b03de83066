"""The command line as people use it: what it prints, what it exits with, and never a traceback."""

import io
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from askmission import cli, encoder
from askmission.assistant import Assistant
from conftest import KOREAN, TINY, HashingEncoder

QUESTION = "When was Bréval's lighthouse built?"


@pytest.fixture
def environment(
    clean_environment: pytest.MonkeyPatch, tmp_path: Path, tiny_index: Path
) -> Iterator[pytest.MonkeyPatch]:
    """The tiny corpus, its index, and the stand-in encoder."""
    shutil.copytree(TINY, tmp_path / "corpus")
    shutil.copytree(tiny_index, tmp_path / "index")
    opened = Assistant.open
    clean_environment.setenv("ASKMISSION_ENCODER", "hashing")
    clean_environment.setattr(encoder, "open_encoder", lambda _: HashingEncoder())
    clean_environment.setattr(
        Assistant, "open", lambda index, name, *_: opened(index, name, lambda _: HashingEncoder())
    )
    yield clean_environment


def run(*arguments: str, typed: str | None = None) -> Result:
    result = CliRunner().invoke(cli.app, list(arguments), input=typed)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def failed(result: Result, *says: str) -> str:
    """Check that a command failed with one line that says what to do, and return the line."""
    assert result.exit_code == 1
    (line,) = result.stderr.strip().splitlines()
    assert line.startswith("askmission: ")
    assert all(word in line for word in says), line
    return line


# build


@pytest.mark.usefixtures("environment")
def test_a_first_build_tells_what_it_made() -> None:
    shutil.rmtree("index")
    result = run("build")
    assert result.exit_code == 0
    assert "passages" in result.stderr
    assert "encoded" in result.stderr
    assert result.stdout == ""


@pytest.mark.usefixtures("environment")
def test_a_second_build_has_nothing_to_do() -> None:
    assert "already current" in run("build").stderr


@pytest.mark.usefixtures("environment")
def test_the_check_says_that_the_index_is_current() -> None:
    result = run("build", "--check")
    assert "current" in result.stdout
    assert "out of date" not in result.stdout


@pytest.mark.usefixtures("environment")
def test_the_check_says_that_the_index_is_out_of_date() -> None:
    report = Path("corpus") / KOREAN / "report.md"
    report.write_text(report.read_text("utf-8").replace("1847", "1848"), "utf-8")
    result = run("build", "--check")
    assert result.exit_code == 1
    assert "askmission build" in result.stdout
    assert any("1848" in line and f"{KOREAN}/source.md:12" in line for line in result.stdout.splitlines())


@pytest.mark.usefixtures("environment")
def test_the_check_builds_nothing() -> None:
    shutil.rmtree("index")
    assert run("build", "--check").exit_code == 1
    assert not Path("index").exists()


def test_a_corpus_that_is_not_there_is_one_line(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("ASKMISSION_CORPUS", "nowhere")
    failed(run("build"), "nowhere", "ASKMISSION_CORPUS")


@pytest.mark.usefixtures("environment")
def test_a_report_that_is_not_utf8_is_one_line() -> None:
    (Path("corpus") / KOREAN / "report.md").write_bytes(b"\xff")
    failed(run("build"), "report.md", "UTF-8")


def test_an_index_folder_that_is_a_file_is_one_line(environment: pytest.MonkeyPatch) -> None:
    Path("file").write_text("x", "utf-8")
    environment.setenv("ASKMISSION_INDEX", "file")
    failed(run("build"), "file")


# ask


@pytest.mark.usefixtures("environment")
def test_a_question_is_answered_with_its_source() -> None:
    result = run("ask", QUESTION)
    assert result.exit_code == 0
    assert "1847" in result.stdout
    assert "브레발의 등대는 1847년에 세워졌습니다." in result.stdout
    assert "unofficial translation" in result.stdout
    assert f"{KOREAN}/" in result.stdout


@pytest.mark.usefixtures("environment")
def test_an_answer_as_json_is_one_object_on_one_line() -> None:
    result = run("ask", "--json", QUESTION)
    assert result.exit_code == 0
    (line,) = result.stdout.splitlines()
    answer = json.loads(line)
    assert set(answer) == {"question", "language", "kind", "mode", "text", "citations", "suggestions", "timings_ms"}
    assert (answer["kind"], answer["language"]) == ("answer", "en")
    assert "브레발" in line  # Korean stays legible


@pytest.mark.usefixtures("environment")
def test_a_refusal_is_no_failure() -> None:
    result = run("ask", "--json", "Who won the World Cup?")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["kind"] == "refusal"


@pytest.mark.parametrize("question", ["", "   ", "😀", "x" * 100_000])
@pytest.mark.usefixtures("environment")
def test_a_question_that_is_none_is_one_line(question: str) -> None:
    assert len(failed(run("ask", question))) < 300


@pytest.mark.usefixtures("environment")
def test_no_index_is_one_line_that_says_how_to_make_one() -> None:
    shutil.rmtree("index")
    failed(run("ask", QUESTION), "askmission build")


def test_an_index_by_another_encoder_is_one_line(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("ASKMISSION_ENCODER", "BAAI/bge-m3")
    failed(run("ask", QUESTION), "BAAI/bge-m3", "hashing", "askmission build")


@pytest.mark.usefixtures("environment")
def test_a_conversation_in_the_terminal_remembers_what_it_is_about() -> None:
    result = run("ask", "--json", typed=f"{QUESTION}\n\n😀\nAnd how many visitors does it have every year?\n")
    assert result.exit_code == 0
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert "1847" in first["text"]
    assert "38,000" in second["text"]
    assert len(result.stderr.splitlines()) == 1


# ask --batch

BATCH = [
    json.dumps({"id": "q1", "question": QUESTION}),
    "{not json",
    json.dumps({"id": 7, "question": ""}),
    "",
    json.dumps([1, 2]),
    json.dumps({"id": "no question"}),
    json.dumps({"id": "q2", "question": "GPS ?", "language": "ko"}),
    json.dumps({"id": "q3", "question": "Hello", "history": "none"}),
    json.dumps({"id": "q4", "question": 5}),
    json.dumps({"question": "Quand a été construit le phare de Bréval ?"}),
    json.dumps(
        {
            "id": None,
            "question": "And how many visitors does it have every year?",
            "history": [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": "In 1847."}],
        }
    ),
]


def check_batch(result: Result) -> None:
    assert result.exit_code == 1
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert [record.get("id", "-") for record in records] == [
        "q1",
        "-",
        7,
        "-",
        "no question",
        "q2",
        "q3",
        "q4",
        "-",
        None,
    ]
    assert ["error" in record for record in records] == [False, True, True, True, True, False, True, True, False, False]
    assert all(list(record) in (["error"], ["id", "error"]) for record in records if "error" in record)
    assert all("\n" not in record["error"] for record in records if "error" in record)
    assert "1847" in records[0]["text"]
    assert records[5]["language"] == "ko"
    assert "38 000" in records[8]["text"] or "1847" in records[8]["text"]
    assert "38,000" in records[9]["text"]


@pytest.mark.usefixtures("environment")
def test_a_batch_keeps_its_order_and_its_ids_and_goes_on_after_a_bad_line() -> None:
    Path("questions.jsonl").write_text("\n".join(BATCH) + "\n", "utf-8")
    check_batch(run("ask", "--batch", "questions.jsonl"))


@pytest.mark.usefixtures("environment")
def test_a_batch_is_read_from_standard_input() -> None:
    check_batch(run("ask", "--batch", "-", typed="\n".join(BATCH)))


@pytest.mark.usefixtures("environment")
def test_a_batch_without_a_bad_line_is_done() -> None:
    result = run("ask", "--batch", "-", typed=BATCH[0] + "\n")
    assert result.exit_code == 0
    assert result.stderr == ""


@pytest.mark.parametrize(
    "line",
    [
        '{"id": "\\ud800", "question": "Hello"}',
        '{"question": "Hello", "language": 5}',
        '{"question": "Hello", "language": ["fr"]}',
        '{"question": "Haedam ?", "language": ["fr"]}',
        '{"question": "Haedam \\ud800 ?"}',
        '{"question": "Haedam ?", "history": [{"role": "system", "content": "x"}]}',
        '{"question": "Haedam ?", "history": [5]}',
        "[" * 10_000,
        "NaN",
        "\ufeff{}",
        '{"question": "Haedam ?", "history": [{"role": [], "content": "x"}]}',
        '{"id": ' + "9" * 5000 + ', "question": "Haedam ?"}',
        "null",
    ],
)
@pytest.mark.usefixtures("environment")
def test_no_line_of_a_batch_stops_it(line: str) -> None:
    Path("questions.jsonl").write_text(f"{line}\n{BATCH[0]}\n", "utf-8")
    result = run("ask", "--batch", "questions.jsonl")
    records = [json.loads(each) for each in result.stdout.splitlines()]
    assert len(records) == 2
    assert "1847" in records[1]["text"]


@pytest.mark.usefixtures("environment")
def test_bytes_that_are_no_text_do_not_stop_a_batch() -> None:
    Path("questions.jsonl").write_bytes(b"\xff\xfe\n" + BATCH[0].encode() + b"\n")
    result = run("ask", "--batch", "questions.jsonl")
    assert result.exit_code == 1
    assert "1847" in json.loads(result.stdout.splitlines()[1])["text"]


@pytest.mark.usefixtures("environment")
def test_a_batch_file_that_is_not_there_is_one_line() -> None:
    failed(run("ask", "--batch", "nowhere.jsonl"), "nowhere.jsonl")


@pytest.mark.parametrize(
    ("arguments", "encoding", "typed"),
    [
        (("ask", QUESTION), "euc-kr", b""),
        (("ask", "--json", "When was \udce9 Bréval's lighthouse built?"), "utf-8", b""),
        (("ask",), "latin-1", QUESTION.encode("latin-1")),
        (("ask",), "utf-8", b"\xff " + QUESTION.encode()),
    ],
)
def test_what_an_encoding_lacks_ends_nothing(
    environment: pytest.MonkeyPatch, arguments: tuple[str, ...], encoding: str, typed: bytes
) -> None:
    streams = [io.TextIOWrapper(io.BytesIO(read), encoding) for read in (typed, b"")]
    for name, stream in zip(("stdin", "stdout"), streams, strict=True):
        environment.setattr(sys, name, stream)
    environment.setattr(sys, "argv", ["askmission", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code
    streams[1].flush()
    assert b"1847" in streams[1].detach().getvalue()  # type: ignore[attr-defined]


# Settings and usage


def test_a_misspelt_setting_is_refused_with_the_one_meant(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("ASKMISSION_CORPSE", "x")
    failed(run("build"), "ASKMISSION_CORPSE", "Did you mean ASKMISSION_CORPUS?")


@pytest.mark.usefixtures("environment")
def test_a_misspelt_setting_in_the_env_file_is_refused_too() -> None:
    Path(".env").write_text("ASKMISSION_IDNEX=x\n", "utf-8")
    failed(run("ask", QUESTION), "ASKMISSION_IDNEX", "Did you mean ASKMISSION_INDEX?")


def test_a_setting_unlike_any_other_is_told_the_known_ones(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("ASKMISSION_ZZZZZZ", "x")
    failed(run("build"), "ASKMISSION_ZZZZZZ", "ASKMISSION_ENCODER")


@pytest.mark.parametrize("value", ["0", "65536", "seven", ""])
def test_a_setting_out_of_range_is_one_line(environment: pytest.MonkeyPatch, value: str) -> None:
    environment.setenv("ASKMISSION_PORT", value)
    failed(run("build"), "ASKMISSION_PORT")


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("ASKMISSION_OPERATOR=Métropole\n".encode("cp1252"), "UTF-8"),
        (b"OTHER=1\nASKMISSION_PASSWORDS: secrets\n", "line 2: 'ASKMISSION_PASSWORDS: secrets'"),
        (b"export ASKMISSION_PASSWORDS\n", "NAME=value"),
    ],
)
def test_a_line_of_the_env_file_that_sets_nothing_is_refused(written: bytes, says: str) -> None:
    Path(".env").write_bytes(written)
    failed(run("ask", QUESTION), ".env", says)


@pytest.mark.usefixtures("environment")
def test_settings_are_read_from_the_env_file() -> None:
    Path("index").rename("elsewhere")
    Path(".env").write_text("ASKMISSION_INDEX=elsewhere\nOTHER=1\n", "utf-8")
    assert "1847" in run("ask", QUESTION).stdout


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(
    "arguments",
    [
        ("build", "--chekc"),
        ("ask", "--jsno", "x"),
        ("ask", "one", "two"),
        ("ask", "one", "--batch", "x.jsonl"),
        ("serve", "--port", "0"),
        ("serve", "--port", "x"),
        ("unknown",),
    ],
)
def test_wrong_usage_exits_with_two(arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Usage" in result.stderr


@pytest.mark.parametrize("command", ["build", "ask", "serve"])
@pytest.mark.usefixtures("environment")
def test_every_command_has_help(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert "Usage" in result.stdout
    assert command in run("--help").stdout
