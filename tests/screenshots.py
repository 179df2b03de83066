"""Pictures of the chat page in each state, three languages, desktop and phone, light and dark: to be looked at.

Run as `python tests/screenshots.py FOLDER`; the index must have been built. Not a test: nothing here is asserted.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from askmission import Assistant
from askmission.feedback import FeedbackStore
from askmission.page.examples import examples
from askmission.server import open_desk, serving
from askmission.settings import open_settings
from chromium import find

LOCALES = {"fr": "fr-FR", "en": "en-GB", "ko": "ko-KR"}
SIZES = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 360, "height": 740}}
ARGUMENTS = ("--no-sandbox", "--disable-gpu")
IN_VAIN = "zzz 123?"


def ask(page: Any, question: str) -> None:
    turns = page.locator(".am-turn[data-kind]").count()
    page.fill("#am-question", question)
    page.press("#am-question", "Enter")
    page.locator(".am-turn[data-kind]").nth(turns).wait_for()


def states(question: str) -> dict[str, Callable[[Any], None]]:
    """Return what to do, one after the other, and what the page then shows."""
    return {
        "1-empty": lambda page: page.locator(".am-examples button").first.wait_for(),
        "2-answered": lambda page: ask(page, question),
        "3-source": lambda page: page.locator(".am-source summary").first.click(),
        "4-opinion": lambda page: page.locator(".am-log .am-opinion summary").first.click(),
        "5-report": lambda page: page.locator(".am-cite").first.click(),
        "6-refused": lambda page: (page.locator(".am-close").click(), ask(page, IN_VAIN))[0],
        "7-error": lambda page: ask(page, "???"),
    }


def main(folder: Path) -> None:
    settings = open_settings()
    assistant = Assistant.open(settings.index, settings.encoder)
    folder.mkdir(parents=True, exist_ok=True)
    with (
        serving(open_desk(assistant), store=FeedbackStore(folder / "data")) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=find(), args=ARGUMENTS)
        for language, locale in LOCALES.items():
            question = examples(assistant, language)[0]
            for size, viewport in SIZES.items():
                for scheme in ("light", "dark"):
                    page = browser.new_context(locale=locale, viewport=viewport, color_scheme=scheme).new_page()
                    page.goto(address)
                    for name, reach in states(question).items():
                        reach(page)
                        page.wait_for_timeout(400)
                        page.screenshot(path=folder / f"{language}-{size}-{scheme}-{name}.png")
                    page.context.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots"))
