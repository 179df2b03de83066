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
from askmission.server import open_desk, serving
from askmission.settings import open_settings
from chromium import find

LOCALES = {"fr": "fr-FR", "en": "en-GB", "ko": "ko-KR"}
SIZES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 360, "height": 740}},
    "narrow": {"viewport": {"width": 320, "height": 512}},  # a desktop of 1280 pixels at 400 %
    "zoomed": {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2},  # and at 200 %
    "contrast": {"viewport": {"width": 1280, "height": 800}, "forced_colors": "active"},
}
ARGUMENTS = ("--no-sandbox", "--disable-gpu")
QUESTIONS = {
    "fr": ("Qu'apprend-on sur Seocho ?", "Qui a gagné la Coupe du monde en 2022 ?"),
    "en": ("What is said about Seocho?", "When did the delegation visit Busan?"),
    "ko": ("서초구에 대해 알려 주세요.", "부산 방문은 언제였나요?"),
}
"""One that is answered from several places, and one that is not answered."""


README: dict[str, tuple[dict[str, Any], str, bool]] = {
    "report": (SIZES["desktop"] | {"locale": "ko-KR"}, "순천시는 언제부터 낭트와 자매결연을 맺었나요?", True),
    "answer": (SIZES["phone"] | {"locale": "fr-FR"}, "Depuis quand Suncheon est-elle jumelée à Nantes ?", False),
    "refusal": (SIZES["phone"] | {"locale": "en-GB", "color_scheme": "dark"}, QUESTIONS["en"][1], False),
}
"""The pictures of the README, which lie in docs/: who looks, what is asked, and whether its source is opened."""


def ask(page: Any, question: str) -> None:
    turns = page.locator(".am-turn[data-kind]").count()
    page.fill("#am-question", question)
    page.press("#am-question", "Enter")
    page.locator(".am-turn[data-kind]").nth(turns).wait_for()


def states(language: str) -> dict[str, Callable[[Any], Any]]:
    """Return what to do, one after the other, and what the page then shows."""
    answered, refused = QUESTIONS[language]
    held: list[Any] = []

    def hold(route: Any) -> None:
        held.append(route)

    return {
        "01-empty": lambda page: page.locator(".am-examples button").first.wait_for(),
        "02-answered": lambda page: ask(page, answered),
        "03-source": lambda page: page.locator(".am-source summary").first.click(),
        "04-opinion": lambda page: page.locator(".am-log .am-opinion summary").first.click(),
        "05-report": lambda page: page.locator(".am-cite").first.click(),
        "06-contents": lambda page: (
            page.locator(".am-toc summary").click(),
            page.locator(".am-panel").evaluate("panel => panel.scrollTop = 0"),
        ),
        "07-searched": lambda page: (
            page.locator(".am-toc summary").click(),
            page.fill(".am-find input", "Nantes"),
        ),
        "08-refused": lambda page: (page.locator(".am-close").click(), ask(page, refused)),
        "09-error": lambda page: ask(page, "???"),
        "10-stop": lambda page: (
            page.route("**/queue/join*", hold),
            page.fill("#am-question", answered),
            page.press("#am-question", "Enter"),
            page.wait_for_timeout(500),
        ),
        "11-stopped": lambda page: (page.locator(".am-send").click(), held.pop().abort()),
        "12-about": lambda page: page.goto(page.url + f"about/about?language={language}"),
        "13-privacy": lambda page: page.goto(page.url.replace("about/about", "about/privacy")),
        "14-accessibility": lambda page: page.goto(page.url.replace("about/privacy", "about/accessibility")),
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
            for size, options in SIZES.items():
                for scheme in ("light", "dark") if size in {"desktop", "phone"} else ("light",):
                    page = browser.new_context(locale=locale, color_scheme=scheme, **options).new_page()
                    page.goto(address)
                    for name, reach in states(language).items():
                        reach(page)
                        page.wait_for_timeout(400)
                        page.screenshot(path=folder / f"{language}-{size}-{scheme}-{name}.png")
                    page.context.close()
        for name, (options, question, cited) in README.items():
            page = browser.new_context(**options).new_page()
            page.goto(address)
            ask(page, question)
            page.locator(".am-related li, [data-kind=refusal]").first.wait_for()
            if cited:
                page.locator(".am-cite").first.click()
                page.locator(".am-panel .am-current").wait_for()
            page.locator("#am-question").evaluate("box => box.blur()")
            page.wait_for_timeout(400)
            page.screenshot(path=folder / f"readme-{name}.png")
            page.context.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots"))
