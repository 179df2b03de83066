"""The chat page in Chromium: what its first load weighs, and the time from Enter to the answer painted.

Run as `python benchmarks/page.py`; the index must have been built, and Chromium be installed (`tests/chromium.py`).
"""

import os
import shutil
import statistics
from collections import defaultdict
from typing import Any

from playwright.sync_api import sync_playwright

from askmission import Assistant
from askmission.server import open_desk, serving
from askmission.settings import open_settings

QUESTIONS = (
    "Depuis quand Suncheon est-elle jumelée à Nantes ?",
    "Since when has Suncheon been twinned with Nantes?",
    "순천시는 언제부터 낭트와 자매결연을 맺었나요?",
    "What is TOPIS?",
    "Who won the 2022 World Cup?",
)
ROUNDS = 4

PAINTED = """question => new Promise((done) => {
  const box = document.querySelector("#am-question"), log = document.querySelector(".am-log");
  const before = log.querySelectorAll(".am-turn[data-kind]").length;
  box.value = question;
  new MutationObserver((_, watch) => {
    if (log.querySelectorAll(".am-turn[data-kind]").length === before) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
  }).observe(log, { childList: true });
  const began = performance.now();
  box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", code: "Enter", bubbles: true, cancelable: true }));
  box.dispatchEvent(new KeyboardEvent("keyup", { key: "Enter", code: "Enter", bubbles: true }));
})"""


def kind(path: str) -> str:
    """Return whose a request is: the page's, or Gradio's."""
    return "ours" if path.startswith("/api/") or path == "/" else "Gradio's"


def main() -> None:
    """Measure, and print."""
    settings = open_settings()
    assistant = Assistant.open(settings.index, settings.encoder)
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    with serving(open_desk(assistant)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_page()
        devtools = page.context.new_cdp_session(page)
        devtools.send("Network.enable")
        paths: dict[str, str] = {}
        weight: defaultdict[str, list[float]] = defaultdict(list)

        def came(event: dict[str, Any]) -> None:
            paths[event["requestId"]] = event["response"]["url"].removeprefix(address.rstrip("/"))

        def done(event: dict[str, Any]) -> None:
            path = paths.get(event["requestId"], "")
            if path.startswith("/"):
                weight[path].append(event["encodedDataLength"] / 1000)

        devtools.on("Network.responseReceived", came)
        devtools.on("Network.loadingFinished", done)
        page.goto(address)
        page.locator(".am-examples button").first.wait_for()
        page.wait_for_load_state("networkidle")
        usable = page.evaluate("performance.now()")
        timing = page.evaluate(
            "[performance.getEntriesByName('first-contentful-paint')[0]?.startTime,"
            " performance.getEntriesByType('navigation')[0].loadEventEnd]"
        )
        for whose in ("ours", "Gradio's"):
            sizes = [size for path, all_of in weight.items() if kind(path) == whose for size in all_of]
            print(f"{whose}: {len(sizes)} requests, {sum(sizes):.0f} kB compressed")
        for path, all_of in sorted(weight.items(), key=lambda each: -sum(each[1]))[:12]:
            print(f"  {sum(all_of):7.1f} kB  {path}")
        print(f"first paint, load, idle (ms): {timing[0]:.0f}, {timing[1]:.0f}, {usable:.0f}")
        times = [page.evaluate(PAINTED, question) for _ in range(ROUNDS) for question in QUESTIONS]
        print(
            f"Enter to painted (ms): first {times[0]:.0f}, median of {len(times)} {statistics.median(times):.0f}, "
            f"worst {max(times):.0f}"
        )
        browser.close()


if __name__ == "__main__":
    main()
