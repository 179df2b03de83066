"""Warming: what the first question would have to wait for is done before anybody can ask it."""

from askmission.desk import Served
from askmission.page import rendering
from askmission.page.shown import Shown
from askmission.text import LANGUAGES


def warm(served: Served[Shown]) -> None:
    """Have a question answered and shown in each language, and load what Gradio loads in its first event."""
    import matplotlib as mpl

    mpl.use("agg")  # Gradio asks for the backend at each event; the first time it loads all of pyplot and looks for one
    for language in LANGUAGES:
        for question in served.shown.start["examples"][language][:1]:
            answer = served.assistant.ask(question, language=language)
            rendering.turn(answer, served.shown.report, language, "")
