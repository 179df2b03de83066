"""The README tells what the program is; here it is held to what the program prints."""

import importlib.util
import json
import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from askmission import Assistant, cli
from askmission.text import LANGUAGES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def writer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("readme", ROOT / "benchmarks" / "readme.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def part(name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n(.*?)\n<!-- /{name} -->", README, re.DOTALL)
    assert found, f"README.md has no part {name}"
    return found[1]


def test_the_table_of_settings_is_the_programs(writer: ModuleType) -> None:
    assert part("settings") == writer.settings()


def test_the_help_texts_are_what_the_commands_print(writer: ModuleType) -> None:
    assert part("commands") == writer.commands()


def test_the_table_of_quality_is_the_stored_baselines(writer: ModuleType) -> None:
    assert part("quality") == writer.quality()


def test_the_baseline_asked_every_golden_question_in_three_languages() -> None:
    rows = json.loads((ROOT / "benchmarks" / "baseline.json").read_text("utf-8"))["evaluation"]["rows"]
    ids = {
        question["id"]
        for path in (ROOT / "corpus").rglob("questions.toml")
        for question in tomllib.loads(path.read_text("utf-8"))["questions"]
    }
    assert {row["id"] for row in rows} == ids
    assert len(rows) == 3 * len(ids)


@pytest.mark.encoder
def test_the_session_is_what_the_program_prints_in_three_languages_with_a_refusal(
    writer: ModuleType, assistant: Assistant
) -> None:
    answers = [assistant.ask(question) for question in writer.SESSION]
    shown = [f'$ askmission ask "{answer.question}"\n{cli._shown(answer)}' for answer in answers]
    assert part("session") == "\n".join(["```text", "\n\n".join(shown), "```"])
    assert {answer.language for answer in answers} == set(LANGUAGES)
    assert answers[-1].kind == "refusal"


def test_every_make_target_it_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)", README)) <= targets
