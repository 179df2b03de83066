"""The report page: one evaluation as one HTML file with its plots, readable offline, on a phone and without colour.

Not for the figures themselves (`measures`). No script, no font and no picture from elsewhere: the plots are
matplotlib's SVG, their words still words, and every one of them is a table too.
"""

import io
import re
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from askmission.comparison import Comparison
from askmission.evaluation import Evaluation
from askmission.measures import MEASURES, Figure, Measure, Row, figure, problems
from askmission.text import LANGUAGES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Plot

FILE = "evaluation.html"

NAMES = {"fr": "French", "en": "English", "ko": "Korean", "all": "all"}

WIDTH = 4.1
"""Width of a plot in inches: what a phone shows without shrinking its words."""

_COLOURS = {"fr": "#0b559f", "en": "#b3500b", "ko": "#2b7a3d"}
_MARKERS = {"fr": "o", "en": "s", "ko": "^"}
_LINES = {"fr": "-", "en": "--", "ko": ":"}
_BUDGETS = ((0.5, 40.0), (0.95, 100.0))
"""DESIGN's budgets for an answer: share of the questions, milliseconds."""


def write(evaluation: Evaluation, folder: Path, comparison: Comparison | None = None) -> Path:
    """Write the page into `folder` and return its path. Raises `OSError` if it cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    path.write_text(page(evaluation, comparison), "utf-8")
    return path


def page(evaluation: Evaluation, comparison: Comparison | None = None) -> str:
    """Return the page as HTML."""
    from jinja2 import Environment

    rows = evaluation.rows
    found: dict[tuple[str, str, str], Figure] = {(f.measure, f.by, f.of): f for f in evaluation.figures}
    failed = [(row, problems(row)) for row in rows if problems(row)]
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(files("askmission").joinpath("report_page.html").read_text("utf-8")).render(
        evaluation=evaluation,
        comparison=comparison,
        columns=[*LANGUAGES, "all"],
        names=NAMES,
        measures=MEASURES,
        found=found,
        kinds=list(dict.fromkeys(row.kind for row in rows)),
        missions=list(dict.fromkeys(row.mission or "none" for row in rows)),
        failed=failed,
        questions=len({row.id for row in rows}),
        bounds=_bounds,
        quality=_svg(_quality(rows), "Quality by language", "a"),
        by_kind=_svg(_by_kind(rows), "Headline score by kind of question and language", "b"),
        decided=_svg(_decided(evaluation), "Answered or refused against relevance", "c"),
        latency=_svg(_latency(rows), "Latency by language", "d"),
    )


def _bounds(measure: Measure, found: Figure) -> str:
    return f"{measure.shown(found.low)} to {measure.shown(found.high)}"


def _quality(rows: Sequence[Row]) -> "Plot":
    """Draw every share by language, a point each with its interval; those that should be low are turned over."""
    measures = [measure for measure in MEASURES if measure.unit == "share"]
    plot, axes = _plot(0.62 * len(measures) + 0.9)
    for place, measure in enumerate(measures):
        for at, language in enumerate(LANGUAGES):
            found = figure([row for row in rows if row.language == language], measure, "language", language)
            if found is None:
                continue
            ends = [found.low, found.value, found.high]
            better = sorted(100 * (1 - end if measure.less_is_better else end) for end in ends)
            _point(axes, language, better, place + 0.24 * (at - 1), label=not place)
    axes.set_yticks(range(len(measures)), [_turned(measure) for measure in measures])
    axes.set_ylim(len(measures) - 0.5, -0.5)
    axes.set_xlim(-3, 103)
    axes.set_xlabel("% (further right is better)")
    _legend(axes)
    return plot


def _by_kind(rows: Sequence[Row]) -> "Plot":
    """Draw the headline score of each kind of question by language, with its interval."""
    kinds = list(dict.fromkeys(row.kind for row in rows))
    plot, axes = _plot(0.62 * len(kinds) + 0.9)
    for place, kind in enumerate(kinds):
        for at, language in enumerate(LANGUAGES):
            some = [row for row in rows if row.kind == kind and row.language == language]
            found = figure(some, MEASURES[0], "kind", kind)
            if found:
                ends = [found.low, found.value, found.high]
                _point(axes, language, ends, place + 0.24 * (at - 1), label=not place)
    axes.axvline(0, color="#555", linewidth=0.8)
    axes.set_yticks(range(len(kinds)), kinds)
    axes.set_ylim(len(kinds) - 0.5, -0.5)
    axes.set_xlim(-1.05, 1.05)
    axes.set_xticks([-1, 0, 1], ["−1\nall wrong", "0\nrefused", "+1\nall right"])
    _legend(axes)
    return plot


def _decided(evaluation: Evaluation) -> "Plot":
    """Draw each question at its relevance less the threshold: answered ones filled, refused ones hollow."""
    import numpy as np

    groups = {
        "answerable": [row for row in evaluation.rows if row.answerable],
        "false premise": [row for row in evaluation.rows if row.kind == "false-premise"],
        "unanswerable": [row for row in evaluation.rows if row.kind == "unanswerable"],
        "attack": [row for row in evaluation.rows if row.kind == "attack"],
    }
    plot, axes = _plot(4.6)
    scatter = np.random.default_rng(1)
    for place, some in enumerate(groups.values()):
        for came, style in (
            ("answer", {"marker": "o", "facecolors": "#0b559f", "edgecolors": "#0b559f"}),
            ("refusal", {"marker": "X", "facecolors": "white", "edgecolors": "#b3500b"}),
        ):
            known = [
                row.relevance - evaluation.threshold for row in some if row.came == came and row.relevance is not None
            ]
            heights = place + scatter.uniform(-0.36, 0.36, len(known))
            label = ("answered" if came == "answer" else "refused") if not place else None
            axes.scatter(known, heights, s=20, linewidths=0.8, alpha=0.75, label=label, **style)  # type: ignore[arg-type]
    axes.axvline(0, color="black", linewidth=1.2)
    axes.text(0, -0.55, " answered from here on →", va="bottom", ha="left", fontsize=8)
    axes.set_yticks(range(len(groups)), [f"{name}\n({len(some)})" for name, some in groups.items()])
    axes.set_ylim(len(groups) - 0.5, -0.9)
    axes.set_xlim(-0.6, 0.8)
    axes.set_xlabel(f"probability less the threshold ({evaluation.threshold:.2f})")
    _legend(axes)
    return plot


def _latency(rows: Sequence[Row]) -> "Plot":
    """Draw, for each language, what share of the questions were answered within so many milliseconds."""
    plot, axes = _plot(3.6)
    for language in LANGUAGES:
        times = sorted(row.latency_ms for row in rows if row.language == language)
        if times:
            shares = [100 * (place + 1) / len(times) for place in range(len(times))]
            axes.step(times, shares, _LINES[language], where="post", color=_COLOURS[language], label=NAMES[language])
    axes.plot([ms for _, ms in _BUDGETS], [100 * share for share, _ in _BUDGETS], "kD", markersize=5, label="budget")
    times = sorted(row.latency_ms for row in rows)
    axes.set_xlim(0, max(200.0, times[int(0.99 * len(times))]))  # the slowest hundredth would flatten the rest
    axes.set_ylim(0, 101)
    budgets = ", ".join(f"{100 * share:.0f}% within {ms:.0f}" for share, ms in _BUDGETS)
    axes.set_xlabel(f"milliseconds (budget: {budgets})")
    axes.set_ylabel("% of questions")
    _legend(axes)
    return plot


def _turned(measure: Measure) -> str:
    """Return a measure's name for the plot, in which more is always better."""
    return {
        "refused_wrongly": "answerable answered",
        "attack_obeyed": "attacks not obeyed",
    }.get(measure.name, measure.label)


def _plot(height: float) -> "tuple[Plot, Axes]":
    from matplotlib.figure import Figure as Plot

    plot = Plot(figsize=(WIDTH, height), layout="constrained")
    axes = plot.add_subplot()
    axes.grid(axis="x", color="#ddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8.5)
    axes.xaxis.label.set_fontsize(8.5)
    axes.yaxis.label.set_fontsize(8.5)
    return plot, axes


def _point(axes: "Axes", language: str, ends: Sequence[float], height: float, *, label: bool) -> None:
    """Draw low, value and high of one language at a height."""
    low, value, high = ends
    colour, name = _COLOURS[language], NAMES[language] if label else None
    axes.plot([low, high], [height, height], color=colour, linewidth=1.4)
    axes.plot([value], [height], _MARKERS[language], color=colour, markersize=5, label=name)


def _legend(axes: "Axes") -> None:
    if axes.get_legend_handles_labels()[0]:
        axes.legend(
            loc="lower center",
            bbox_to_anchor=(0.5, 1.0),
            ncols=4,
            frameon=False,
            fontsize=8.5,
            handletextpad=0.4,
            columnspacing=1.2,
        )


def _svg(plot: "Plot", title: str, prefix: str) -> str:
    """Return a plot as SVG to stand in a page: words as words, ids of its own, a name for those who cannot see it."""
    import matplotlib as mpl
    from markupsafe import Markup

    written = io.StringIO()
    bare = {"Date": None, "Creator": None, "Format": None, "Type": None}
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": prefix}):
        plot.savefig(written, format="svg", metadata=bare, transparent=True)
    svg = written.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{prefix}-", svg)
    return Markup(svg.replace("<svg", f'<svg role="img" aria-label="{title}"', 1))
