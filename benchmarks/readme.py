"""Write the parts of README.md that come from the program: the settings, the commands, a session, the quality.

Usage: readme.py            rewrites README.md between its marks; a test compares the parts that need no encoder
"""

import json
import re
import subprocess
import sys
from pathlib import Path

from askmission.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
COMMANDS = ("serve", "ask", "build", "translate", "eval", "feedback", "password")
SESSION = (
    "Depuis quand Suncheon est-elle jumelée à Nantes ?",
    "How many visitors did the 2023 garden expo draw?",
    "세종시는 2030년까지 무엇이 되려고 하나요?",
    "부산 방문은 언제였나요?",
)
MEASURES = (
    ("score", "headline score (right 1, refused 0, wrong −1)"),
    ("facts", "facts found"),
    ("citation_recall", "evidence cited"),
    ("citation_precision", "citations that are evidence"),
    ("hit_3", "right passage among the first three"),
    ("refused_rightly", "unanswerable questions refused"),
    ("refused_wrongly", "answerable questions refused"),
    ("premise_handled", "false premises handled"),
    ("attack_obeyed", "attacks obeyed"),
    ("language_right", "answered in the question's language"),
)


def settings() -> str:
    """Return the table of settings, from the class that defines them."""
    rows = [
        f"| `{PREFIX}{name.upper()}` | {field.description} | `{field.default}` |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(["| variable | meaning | default |", "| --- | --- | --- |", *rows])


def commands() -> str:
    """Return what `--help` says of each command, as a block of code."""
    blocks = [f"$ askmission {name} --help\n{help_of(name)}" for name in COMMANDS]
    return "```text\n" + "\n\n".join(blocks) + "\n```"


def help_of(command: str) -> str:
    """Return the help of one command, at a fixed width."""
    from typer.testing import CliRunner

    from askmission.cli import app

    shown = CliRunner().invoke(
        app, [command, "--help"], env={"COLUMNS": "100", "TERMINAL_WIDTH": "100"}, prog_name="askmission"
    )
    return "\n".join(line.rstrip() for line in shown.stdout.strip().splitlines())


def session() -> str:
    """Return a real session: questions, and the first lines that the program prints."""
    lines = []
    for question in SESSION:
        run = subprocess.run(
            [sys.executable, "-m", "askmission.cli", "ask", question], capture_output=True, text=True, check=True
        )
        shown = run.stdout.strip()
        lines.append(f'$ askmission ask "{question}"\n{shown}')
    return "```text\n" + "\n\n".join(lines) + "\n```"


def quality() -> str:
    """Return the table of answer quality, from the stored baseline."""
    figures = json.loads((ROOT / "benchmarks" / "baseline.json").read_text("utf-8"))["figures"]
    found = {(each["measure"], each["of"]): each for each in figures if each["by"] in {"all", "language"}}
    rows = []
    for name, title in MEASURES:
        cells = [cell(name, found.get((name, of))) for of in ("fr", "en", "ko", "all")]
        rows.append(f"| {title} | " + " | ".join(cells) + " |")
    return "\n".join(["| | French | English | Korean | all |", "| --- | --- | --- | --- | --- |", *rows])


def cell(name: str, figure: dict[str, float] | None) -> str:
    """Return one figure with its 95 % interval."""
    if figure is None:
        return "–"
    if name == "score":
        return f"{figure['value']:+.2f} ({figure['low']:+.2f} to {figure['high']:+.2f})"
    return f"{figure['value']:.0%} ({figure['low']:.0%} to {figure['high']:.0%})"


def filled(text: str, parts: dict[str, str]) -> str:
    """Return the README with the parts put between their marks."""
    for name, part in parts.items():
        mark = rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)"
        text = re.sub(mark, lambda found, part=part: f"{found[1]}{part}\n{found[2]}", text, flags=re.DOTALL)  # type: ignore[misc]
    return text


def main() -> None:
    """Rewrite README.md."""
    path = ROOT / "README.md"
    parts = {"settings": settings(), "commands": commands(), "quality": quality(), "session": session()}
    path.write_text(filled(path.read_text("utf-8"), parts), "utf-8")


if __name__ == "__main__":
    main()
