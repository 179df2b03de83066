"""The chat page in a real Chromium, as the people who use it meet it."""

import asyncio
import re
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import replace
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from askmission.answering import cite
from askmission.assistant import Answer, Assistant
from askmission.desk import Desk
from askmission.feedback import FeedbackStore
from askmission.page import labels, rendering, reply
from askmission.page.report import whole
from askmission.page.shown import Shown
from askmission.server import open_desk, serving
from chromium import find

pytestmark = [
    pytest.mark.browser,
    pytest.mark.encoder,
    pytest.mark.skipif(find() is None, reason="no Chromium: run 'python tests/chromium.py' as root to install it"),
]
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync "
    "--no-first-run"
)
PHONE = {"width": 360, "height": 740}
LOCALES = {"fr": "fr-FR", "en": "en-GB", "ko": "ko-KR"}
ASKED = {
    "fr": ("Depuis quand Suncheon est-elle jumelée à Nantes ?", "2009"),
    "en": ("Since when has Suncheon been twinned with Nantes?", "2009"),
    "ko": ("순천시는 언제부터 낭트와 자매결연을 맺었나요?", "2009"),
}
UNANSWERABLE = "Who won the 2022 World Cup?"
QUOTE = "Suncheon est jumelée à Nantes depuis 2009."


@pytest.fixture(scope="session")
def desk(assistant: Assistant) -> Desk[Shown]:
    return open_desk(assistant, limit=4)


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> FeedbackStore:
    return FeedbackStore(tmp_path_factory.mktemp("data"), days=30)


@pytest.fixture(scope="session")
def address(desk: Desk[Shown], store: FeedbackStore) -> Iterator[str]:
    with serving(desk, store=store) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=ARGUMENTS.split())
        yield browser
        browser.close()


class Visit:
    """One person at the page."""

    def __init__(self, browser: Browser, address: str, **options: Any) -> None:
        self.context: BrowserContext = browser.new_context(**{"locale": "en-GB", **options})
        self.address = address
        self.requests: list[str] = []
        self.problems: list[str] = []
        self._take(self.context.new_page())
        self.open()

    @classmethod
    def tab(cls, person: "Visit", page: Page, *, opened: bool = False) -> "Visit":
        """Return another tab of the same person."""
        tab = copy(person)
        tab._take(page)
        if not opened:
            tab.open()
        return tab

    def _take(self, page: Page) -> None:
        self.page = page
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("dialog", lambda dialog: self.problems.append(dialog.message))

    def open(self, query: str = "") -> None:
        self.page.goto(self.address + query)
        expect(self.page.locator(".am-send")).to_be_visible()

    @property
    def box(self) -> Any:
        return self.page.locator("#am-question")

    @property
    def status(self) -> Any:
        return self.page.locator(".am-status[role=status]")  # Gradio has one of its own

    @property
    def panel(self) -> Any:
        return self.page.locator(".am-panel")

    def turn(self, number: int) -> Any:
        return self.page.locator(".am-turn[data-kind]").nth(number - 1)

    def ask(self, question: str) -> Any:
        turns = self.page.locator(".am-turn[data-kind]")
        before = turns.count()
        self.box.fill(question)
        self.box.press("Enter")
        expect(turns).to_have_count(before + 1)
        return turns.nth(before)


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Any]:
    visits: list[Visit] = []

    def begin(**options: Any) -> Visit:
        visits.append(Visit(browser, address, **options))
        return visits[-1]

    yield begin
    for each in visits:
        each.context.close()
        assert not each.problems


@pytest.mark.parametrize("language", LOCALES)
def test_a_question_is_answered_in_its_language_and_its_number_opens_the_words_it_rests_on(visit, language):
    person = visit(locale=LOCALES[language])
    page = person.page
    assert page.locator("html").get_attribute("lang") == language
    expect(page.locator(".am-notice")).to_have_text(labels.NOTICE.in_language(language))
    expect(person.status).to_be_empty()
    question, told = ASKED[language]
    turn = person.ask(question)
    assert turn.get_attribute("data-kind") == "answer"
    assert turn.locator(".am-said").get_attribute("lang") == language
    expect(turn.locator(".am-said")).to_contain_text(told)
    expect(person.status).to_have_text(labels.ANSWERED.in_language(language))
    number = turn.get_by_role("button", name=labels.SOURCE.in_language(language, number=1))
    number.click()
    marked = person.panel.locator(".am-current mark.am-quoted")
    expect(marked.first).to_contain_text("2009")
    expect(marked.first).to_be_in_viewport()
    expect(marked).to_have_count(1 if language == "fr" else 2)
    assert person.panel.locator(".am-current .am-orig").get_attribute("lang") == "fr"
    if language != "fr":
        expect(marked.last).to_contain_text(told)
        expect(person.panel.locator(".am-current")).to_contain_text(labels.UNOFFICIAL.in_language(language))
    source = turn.locator(".am-source").first
    source.locator("summary").click()
    expect(source).to_have_attribute("open", "")
    original = source.locator("blockquote.am-original")
    assert original.get_attribute("lang") == "fr"
    expect(original.locator("mark")).to_contain_text("2009")
    expect(original.locator("mark")).to_be_in_viewport()
    expect(original.locator("p").last).to_contain_text("La baie de Suncheon")  # the passage after it
    expect(source.locator(".am-trail").first).to_contain_text("Interventions des collectivités")
    translation = source.locator("blockquote.am-translation")
    if language == "fr":
        expect(translation).to_have_count(0)
    else:
        assert translation.get_attribute("lang") == language
        expect(translation.locator("mark")).to_contain_text(told)
        expect(source).to_contain_text(labels.UNOFFICIAL.in_language(language))


def test_a_refusal_looks_different_and_offers_the_nearest_passages(visit):
    person = visit()
    turn = person.ask(UNANSWERABLE)
    assert turn.get_attribute("data-kind") == "refusal"
    expect(person.status).to_have_text(labels.NOT_FOUND)
    expect(turn.locator("h3")).to_have_text(labels.NEAREST_PASSAGES)
    turn.locator("summary").first.click()
    expect(turn.locator(".am-source").first.locator("blockquote.am-original mark").first).to_be_visible()


def test_switching_the_language_keeps_the_conversation_and_is_remembered(visit):
    person = visit(locale="fr-FR")
    turn = person.ask(ASKED["fr"][0])
    turn.locator(".am-source summary").click()
    person.box.fill("half a question")
    person.page.get_by_role("button", name="한국어").click()
    assert person.page.locator("html").get_attribute("lang") == "ko"
    expect(person.page.locator(".am-send")).to_have_text(labels.SEND.in_language("ko"))
    expect(turn.locator("h3")).to_have_text(labels.SOURCES.in_language("ko"))
    expect(turn.locator(".am-source")).to_have_attribute("open", "")
    assert turn.locator(".am-said").get_attribute("lang") == "fr"
    expect(turn.locator(".am-said")).to_contain_text(QUOTE)
    assert person.box.input_value() == "half a question"
    person.page.reload()
    expect(person.page.locator(".am-send")).to_have_text(labels.SEND.in_language("ko"))
    expect(person.turn(1)).to_contain_text(QUOTE)


def test_a_follow_up_is_understood_and_a_new_conversation_forgets(visit):
    person = visit(locale="fr-FR")
    sent: list[str] = []
    person.page.on("request", lambda r: sent.append(r.post_data or "") if "queue/join" in r.url else None)
    person.ask(ASKED["fr"][0])
    person.ask("Et Suippes ?")
    assert '"role":"user"' in sent[1]
    person.page.get_by_role("button", name=labels.NEW.in_language("fr")).click()
    expect(person.page.locator(".am-turn")).to_have_count(0)
    expect(person.page.locator(".am-examples button").first).to_be_visible()
    expect(person.box).to_be_focused()
    person.ask("Et Suippes ?")
    assert '"history":[]' in sent[2]


def reopened(person: Visit, *, close: bool = True) -> Visit:
    """Return the same browser's next tab, once the one of before is closed."""
    if close:
        person.page.close()
    return Visit.tab(person, person.context.new_page())


def test_a_tab_that_is_reopened_goes_on_and_a_new_conversation_erases(visit):
    person = visit()
    person.ask(ASKED["en"][0]).locator(".am-cite").click()
    person = reopened(person)
    expect(person.turn(1)).to_contain_text("2009")
    person.turn(1).locator(".am-cite").click()
    expect(person.panel.locator("mark.am-quoted").first).to_have_text(QUOTE)
    person.panel.locator(".am-close").click()
    person.page.get_by_role("button", name=labels.NEW).click()
    expect(person.page.locator(".am-turn")).to_have_count(0)
    assert person.page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('askmission/'))") == []
    person = reopened(person)
    expect(person.page.locator(".am-examples button").first).to_be_visible()
    expect(person.page.locator(".am-turn")).to_have_count(0)


def test_two_tabs_have_a_conversation_each(visit):
    one = visit()
    one.ask("Hello")
    other = reopened(one, close=False)
    expect(other.page.locator(".am-examples button").first).to_be_visible()
    expect(other.page.locator(".am-turn")).to_have_count(0)
    other.ask(ASKED["en"][0])
    for person, told in ((one, "Hello"), (other, "2009")):
        person.page.reload()
        expect(person.turn(1)).to_contain_text(told)
        expect(person.page.locator(".am-turn")).to_have_count(1)
    with one.context.expect_page() as opened:  # a duplicate, which takes along what the tab knows
        one.page.evaluate("() => { window.open(location.href); }")
    double = Visit.tab(one, opened.value, opened=True)
    expect(double.turn(1)).to_contain_text("Hello")
    double.ask("Thank you")
    one.page.reload()
    expect(one.turn(1)).to_contain_text("Hello")
    expect(one.page.locator(".am-turn")).to_have_count(1)
    double.page.reload()
    expect(double.page.locator(".am-turn")).to_have_count(2)


def test_what_the_browser_keeps_is_bounded_in_time_and_size(visit):
    person = visit()
    person.ask("Hello")
    person.ask(ASKED["en"][0])
    name = "Object.keys(localStorage).find((name) => name.startsWith('askmission/'))"
    person.page.evaluate(
        f"const own = {name}; const used = localStorage.getItem(own).length; localStorage.setItem(own, '');"
        "for (let more = 1 << 24, n = 0; more > used / 2; more /= 2) "
        "for (;;) try { localStorage.setItem(`of something else ${n++}`, 'x'.repeat(more)); } catch { break; }"
    )  # all but full
    person.ask("Thank you")
    kept = person.page.evaluate(f"JSON.parse(localStorage.getItem({name})).turns.map((turn) => turn.question)")
    assert kept[-1] == "Thank you"
    assert len(kept) < 3
    person.page.evaluate(
        f"const old = {name}; const kept = JSON.parse(localStorage.getItem(old)); kept.at -= 31 * 24 * 3600 * 1000; "
        "localStorage.setItem(old, JSON.stringify(kept))"
    )
    person = reopened(person)
    expect(person.page.locator(".am-examples button").first).to_be_visible()
    expect(person.page.locator(".am-turn")).to_have_count(0)


@pytest.mark.parametrize("missing", ["localStorage", "navigator.locks"])
def test_a_browser_that_keeps_nothing_answers_all_the_same(visit, missing):
    person = visit()
    person.context.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('forbidden'); }})"
        if missing == "localStorage"
        else "Object.defineProperty(Navigator.prototype, 'locks', {value: undefined})"
    )
    person.page.reload()
    person.ask(ASKED["en"][0])
    person.page.reload()
    expect(person.page.locator(".am-turn")).to_have_count(0 if missing == "localStorage" else 1)


@pytest.mark.parametrize("language", LOCALES)
def test_every_example_is_answered(visit, language):
    person = visit(locale=LOCALES[language])
    shown = person.page.locator(".am-examples button")
    expect(shown).not_to_have_count(0)
    assert shown.count() <= 4
    shown.first.click()
    expect(person.turn(1)).to_have_attribute("data-kind", "answer")


def test_the_whole_report_is_read_and_searched_without_asking_anything(visit):
    person = visit(locale="fr-FR")
    person.page.get_by_role("button", name=labels.READ.in_language("fr")).click()
    expect(person.panel.locator("h2")).to_be_focused()
    assert person.panel.locator(".am-passage").count() > 100
    person.panel.locator(".am-toc summary").click()
    line = person.panel.locator(".am-toc a").nth(9)
    title = line.inner_text()
    line.click()
    expect(person.panel.locator(".am-current")).to_contain_text(title)
    expect(person.panel.locator(".am-current")).to_be_in_viewport()
    find = person.panel.get_by_role("searchbox")
    find.fill("JUMELEE A NANTES")
    expect(person.panel.locator(".am-noted")).to_have_text("1 sur 1")
    expect(person.panel.locator("mark.am-at")).to_have_text("jumelée à Nantes")
    expect(person.panel.locator("mark.am-at")).to_be_in_viewport()
    find.fill("suncheon")
    find.press("Enter")
    expect(person.panel.locator(".am-noted")).to_contain_text("2 sur")
    find.press("Shift+Enter")
    expect(person.panel.locator(".am-noted")).to_contain_text("1 sur")
    find.fill("zzzz")
    expect(person.panel.locator(".am-noted")).to_have_text(labels.FOUND_NOWHERE.in_language("fr"))
    expect(person.panel.locator("mark")).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 360])
def test_a_table_of_the_report_is_a_table_in_which_the_row_cited_is_marked(visit, width):
    person = visit(locale="ko-KR", viewport={"width": width, "height": 740})
    person.ask("서초구는 어느 협의회의 회장 도시인가요?").locator(".am-cite").first.click()
    row = person.panel.locator("tr.am-current")
    expect(row.locator(".am-orig mark")).to_have_text(
        ["10h10 - 11h00", "Hôtel > Mairie de Seocho", re.compile("^Seocho est la ville présidente")]
    )
    expect(row.locator("mark").first).to_be_in_viewport()
    expect(row.locator("mark").last).to_be_in_viewport()
    expect(row.locator(".am-unofficial")).to_have_count(1)
    table = person.panel.get_by_role("table", name="1일 차: 9월 25일 수요일")
    expect(table.get_by_role("columnheader").locator(".am-orig")).to_have_text(
        ["Mercredi 25", "District de Seocho", "Activités"]
    )
    expect(table.get_by_role("rowheader", name="10h10 - 11h00")).to_have_count(1)
    expect(row.get_by_role("cell")).to_have_count(2)
    assert person.panel.evaluate("panel => panel.scrollWidth <= panel.clientWidth")
    address = row.locator(".am-here").get_attribute("href")
    person.open(address)
    expect(row).to_contain_text("Hôtel > Mairie de Seocho")
    expect(row).to_be_focused()


def test_a_passage_has_an_address_that_is_copied_and_opens_there(visit):
    person = visit(locale="ko-KR", permissions=["clipboard-read", "clipboard-write"])
    person.ask(ASKED["ko"][0]).locator(".am-cite").click()
    person.panel.get_by_role("button", name=labels.COPY_ADDRESS.in_language("ko")).click()
    expect(person.panel.locator(".am-noted")).to_have_text(labels.ADDRESS_COPIED.in_language("ko"))
    copied = person.page.evaluate("navigator.clipboard.readText()")
    assert copied == person.page.url
    assert copied.startswith(person.address + "?mission=2024-09-seoul&passage=")
    other = visit(locale="en-GB")
    other.open(copied.removeprefix(other.address))
    expect(other.panel.locator(".am-current mark.am-quoted").first).to_have_text(QUOTE)
    expect(other.panel.locator(".am-current mark.am-quoted").first).to_be_in_viewport()
    expect(other.panel.locator(".am-current .am-tran")).to_contain_text("twinned")
    other.page.reload()
    expect(other.panel.locator(".am-current mark.am-quoted").first).to_have_text(QUOTE)
    other.page.get_by_role("button", name="Français").click()
    expect(other.panel.locator(".am-current .am-tran")).to_have_count(0)
    expect(other.panel.locator(".am-current mark.am-quoted")).to_have_text(QUOTE)
    other.open("?mission=2024-09-seoul&passage=nowhere/1")
    expect(other.status).to_have_text(labels.NO_PASSAGE.in_language("fr"))
    other.open("?mission=%22%3E%3Cimg+src=x%3E&passage=<script>")
    expect(other.status).to_have_text(labels.NO_REPORT.in_language("fr"))
    expect(other.panel).to_be_hidden()


def test_on_a_phone_the_report_slides_over_and_the_way_back_leads_to_where_one_was(visit):
    person = visit(viewport=PHONE)
    turn = person.ask(ASKED["en"][0])
    number = turn.locator(".am-cite")
    number.click()
    expect(person.panel).to_have_attribute("role", "dialog")
    expect(person.panel.locator(".am-current")).to_be_in_viewport()
    assert person.page.locator(".am-page").evaluate("page => page.inert")
    person.page.go_back()
    expect(person.panel).to_be_hidden()
    expect(number).to_be_focused()
    assert person.page.url == person.address
    number.click()
    person.panel.get_by_role("button", name=labels.CLOSE).click()
    expect(person.panel).to_be_hidden()
    expect(number).to_be_in_viewport()
    assert not person.page.locator(".am-page").evaluate("page => page.inert")


def test_the_next_and_the_previous_source_are_one_step_away(visit):
    person = visit()
    turn = person.ask(UNANSWERABLE)
    turn.locator("summary").nth(1).click()
    turn.locator(".am-read").nth(1).click()
    where = person.panel.locator(".am-where")
    expect(where).to_contain_text("Source 2 of 3")
    shown = person.panel.locator(".am-current")
    second = shown.get_attribute("data-passage")
    person.panel.get_by_role("button", name=labels.NEXT).click()
    expect(where).to_contain_text("Source 3 of 3")
    assert shown.get_attribute("data-passage") != second
    person.panel.get_by_role("button", name=labels.PREVIOUS).click()
    expect(where).to_contain_text("Source 2 of 3")
    assert shown.get_attribute("data-passage") == second


def test_what_one_thinks_of_an_answer_is_kept_once_it_is_said_what_is_kept(visit, store):
    person = visit(locale="ko-KR")
    turn = person.ask(ASKED["ko"][0])
    turn.get_by_text(labels.OPINION.in_language("ko")).first.click()
    form = turn.locator(".am-opinion form")
    expect(form.locator(".am-kept")).to_have_text(labels.IS_KEPT.in_language("ko", days=30))
    form.get_by_role("button").click()
    expect(person.status).to_have_text(labels.CHOOSE.in_language("ko"))
    before = len(store.all())
    form.get_by_label(labels.VERDICT_CITATION.in_language("ko")).check()
    form.locator("textarea").fill("<img src=x onerror=alert(1)> 아니요")
    form.get_by_role("button").click()
    expect(turn.locator(".am-thanks")).to_be_focused()
    kept = store.all()[before:]
    assert [(each.verdict, each.question, each.language) for each in kept] == [("citation", ASKED["ko"][0], "ko")]
    assert kept[0].cited[0].quote == QUOTE
    assert kept[0].comment.endswith("아니요")


def test_what_cannot_be_kept_is_said(visit):
    person = visit()
    turn = person.ask(UNANSWERABLE)
    turn.locator(".am-opinion summary").click()
    person.page.route("**/api/feedback", lambda route: route.abort())
    turn.get_by_label(labels.VERDICT_WRONG).check()
    turn.get_by_role("button", name=labels.SEND_OPINION).click()
    expect(person.status).to_have_text(labels.NOT_KEPT)
    expect(turn.get_by_label(labels.VERDICT_WRONG)).to_be_checked()


def test_the_last_question_can_be_edited_or_asked_again(visit):
    person = visit()
    person.ask("Hello")
    person.ask(ASKED["en"][0])
    person.page.get_by_role("button", name=labels.EDIT).click()
    expect(person.page.locator(".am-turn")).to_have_count(1)
    expect(person.box).to_have_value(ASKED["en"][0])
    expect(person.box).to_be_focused()
    person.box.press("Enter")
    expect(person.turn(2)).to_have_attribute("data-kind", "answer")
    person.page.get_by_role("button", name=labels.AGAIN).click()
    expect(person.page.locator(".am-pending")).to_have_count(0)
    expect(person.turn(2).locator(".am-said")).to_contain_text("2009")
    expect(person.page.locator(".am-turn")).to_have_count(2)
    person.page.reload()
    expect(person.page.locator(".am-turn")).to_have_count(2)


@pytest.mark.parametrize("language", LOCALES)
def test_questions_to_ask_next_are_offered_and_answered(visit, language):
    person = visit(locale=LOCALES[language])
    person.ask(ASKED[language][0])
    offered = person.page.locator(".am-related button")
    expect(offered).not_to_have_count(0)
    assert offered.count() <= 3
    question = offered.first.inner_text()
    person.page.get_by_role("button", name=labels.NEW.in_language(language)).click()
    person.ask(question.upper().rstrip(" \u00a0?.") + " ??")  # as somebody may have typed it
    person.ask(ASKED[language][0])
    expect(offered.first).to_be_visible()
    assert question not in offered.all_inner_texts()
    offered.first.click()
    expect(person.turn(3)).to_have_attribute("data-kind", "answer")
    expect(person.turn(3).locator(".am-said")).not_to_contain_text(ASKED[language][1])
    person.ask(UNANSWERABLE)
    expect(person.page.locator(".am-related")).to_be_hidden()


def test_on_paper_the_sources_are_open_and_a_machine_is_named(visit):
    person = visit()
    turn = person.ask(ASKED["en"][0])
    person.page.emulate_media(media="print")
    person.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(turn.locator("blockquote.am-original mark")).to_be_visible()
    expect(person.page.locator(".am-printed")).to_have_text(labels.MADE_BY_MACHINE)
    expect(person.page.locator(".am-form")).to_be_hidden()
    person.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(turn.locator(".am-source")).not_to_have_attribute("open", "")
    person.page.emulate_media(media="screen")
    expect(person.page.locator(".am-printed")).to_be_hidden()


HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1)) ![](http://evil.example/pixel.png)",
    "<a href='javascript:alert(1)'>Suncheon</a> \"><svg onload=alert(1)>",
    "{{constructor.constructor('alert(1)')()}} ${alert(1)} `alert(1)`",
)


def test_markup_in_a_question_is_shown_as_text(visit):
    person = visit()
    for number, question in enumerate(HOSTILE, 1):
        person.ask(question)
        expect(person.turn(number).locator("h2")).to_contain_text(question)
    assert person.page.locator(".am-log").locator("script, img, a, svg").count() == 0
    person.page.reload()
    expect(person.turn(len(HOSTILE)).locator("h2")).to_contain_text(HOSTILE[-1])
    assert person.page.locator(".am-log").locator("script, img, a, svg").count() == 0
    assert not [url for url in person.requests if "evil" in url]


def test_markup_in_a_report_is_shown_as_text(assistant):
    """Wherever a report's words go: text, heading, speaker, column name, translation."""
    bad = "<img src=x onerror=alert(1)>"
    entry = next(each for each in assistant.index.entries if each.passage.speaker and "ko" in each.views)
    unit = replace(entry.passage.units[0], text=bad)
    view = replace(entry.views["ko"], trail=(bad,), speaker=bad, context=(bad,), units=(bad,), translated=(True,))
    passage = replace(entry.passage, trail=(bad,), speaker=bad, context=(bad,), units=(unit,))
    original = replace(view, language=passage.language)
    hostile = replace(entry, passage=passage, views={passage.language: original, "ko": view})
    citation = cite(1, passage, view, 0, 0)
    answer = Answer(bad, "ko", "answer", "extractive", f"{bad} [1] [2]", (citation,))
    report = rendering.Report.of(replace(assistant.index, entries=(hostile,)))
    for shown in (
        rendering.turn(answer, report, "ko", "t"),
        rendering.turn(replace(answer, kind="refusal", citations=(), suggestions=(citation,)), report, "ko", "t"),
        rendering.failure(bad, bad, "ko"),
        whole(report, passage.mission, "ko"),
    ):
        assert escape(bad) in shown
        assert "<img" not in shown


def test_a_number_without_a_citation_is_no_button(assistant):
    answer = assistant.ask(ASKED["fr"][0])
    report = rendering.Report.of(assistant.index)
    shown = rendering.turn(replace(answer, text="Yes [1], no [7]."), report, "fr", "t")
    assert shown.count("am-cite") == 1
    assert "[7]" in shown


def test_whatever_the_browser_sends_gets_an_answer_or_one_line(desk):
    for asked in (
        {},
        {"id": 7, "question": None, "history": "x", "language": "de"},
        {"question": ["Suncheon"], "history": [{"role": "system", "content": 1}, {"role": "user"}, 5]},
    ):
        with ThreadPoolExecutor() as elsewhere:  # Playwright's loop runs in this thread
            told = elsewhere.submit(lambda asked=asked: asyncio.run(reply(desk, asked))).result()
        assert told["html"].startswith("<article")
        assert "Traceback" not in told["html"]


def test_an_error_is_one_line_in_the_language_of_the_page(visit):
    person = visit(locale="ko-KR")
    turn = person.ask("?" * 50)
    assert turn.get_attribute("data-kind") == "error"
    expect(turn.locator(".am-said")).to_contain_text("질문에 단어가 없습니다")
    expect(person.status).to_contain_text("질문에 단어가 없습니다")
    turn = person.ask("a" * 5000)
    expect(turn.locator(".am-said")).to_contain_text("5000")


class Slow:
    """Holds every answer back until it is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.held = threading.Event()
        ask = Assistant.ask

        def slow(*args: Any, **options: Any) -> Answer:
            self.held.wait(20)
            return ask(*args, **options)

        monkeypatch.setattr(Assistant, "ask", slow)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    slow = Slow(monkeypatch)
    yield slow
    slow.held.set()


def counted(desk: Desk[Shown], kind: str) -> float:
    samples = next(iter(desk.metrics.questions.collect())).samples
    return sum(each.value for each in samples if each.name.endswith("_total") and each.labels["kind"] == kind)


@pytest.mark.parametrize("language", LOCALES)
def test_a_question_that_takes_long_can_be_stopped_and_is_kept(visit, desk, slow, language):
    person = visit(locale=LOCALES[language])
    question, told = ASKED[language]
    person.page.route("**/api/related*", lambda route: route.abort())  # they are sought in the desk's places too
    before = counted(desk, "stopped")
    button = person.page.locator(".am-send")
    person.box.fill(question)
    button.dblclick()  # the second click is no wish to stop
    expect(person.status).to_have_text(labels.SEARCHING.in_language(language))
    expect(button).to_have_text(labels.STOP.in_language(language))
    expect(person.page.locator(".am-log")).to_have_attribute("aria-busy", "true")
    person.box.press("Enter")
    expect(button).to_have_text(labels.STOP.in_language(language))
    with person.page.expect_request("**/cancel"):
        button.click()
    expect(person.status).to_have_text(labels.STOPPED.in_language(language))
    expect(person.box).to_have_value(question)
    expect(person.box).to_be_focused()
    expect(button).to_have_text(labels.SEND.in_language(language))
    expect(person.page.locator(".am-turn")).to_have_count(0)
    assert desk._slots._value < 4, "the thread still runs, and holds its place"
    slow.held.set()
    person.box.press("Enter")
    expect(person.turn(1).locator(".am-said")).to_contain_text(told)
    expect(person.page.locator(".am-turn")).to_have_count(1)
    assert counted(desk, "stopped") == before + 1
    assert desk._slots._value == 4


def test_a_question_asked_while_the_one_before_is_still_being_stopped_is_answered(visit, slow):
    person = visit()
    held: list[Route] = []
    person.page.route("**/cancel", lambda route: held.append(route))  # noqa: PLW0108 - Playwright leaves a mark on it
    person.box.fill("Hello")
    person.box.press("Enter")
    person.page.get_by_role("button", name=labels.STOP).click()
    expect(person.status).to_have_text(labels.STOPPED)
    slow.held.set()
    person.box.fill(ASKED["en"][0])
    person.box.press("Enter")
    expect(person.status).to_have_text(labels.SEARCHING)
    held.pop().continue_()
    expect(person.turn(1).locator(".am-said")).to_contain_text(ASKED["en"][1])
    expect(person.page.locator(".am-turn")).to_have_count(1)


def test_an_answer_that_comes_after_it_was_stopped_is_not_shown(visit, slow):
    person = visit()
    person.page.route("**/cancel", lambda route: route.abort())
    person.box.fill(ASKED["en"][0])
    person.box.press("Enter")
    person.page.get_by_role("button", name=labels.STOP).click()
    expect(person.status).to_have_text(labels.STOPPED)
    slow.held.set()
    person.box.fill("Hello")
    person.box.press("Enter")
    expect(person.turn(1)).to_have_attribute("data-kind", "greeting")
    expect(person.page.locator(".am-turn")).to_have_count(1)


def test_a_server_that_is_gone_is_said_and_the_question_is_kept(visit):
    person = visit()
    person.page.route("**/queue/join*", lambda route: route.abort())
    person.box.fill("Is anybody there?")
    person.box.press("Enter")
    expect(person.status).to_have_text(labels.NO_ANSWER, timeout=10000)
    expect(person.box).to_have_value("Is anybody there?")


def test_a_server_that_stops_is_said_and_when_it_is_back_one_goes_on(browser, assistant):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with serving(open_desk(assistant), port=port) as address:
        person = Visit(browser, address)
        person.ask(ASKED["en"][0])
    person.box.fill("Hello")
    person.box.press("Enter")
    expect(person.status).to_have_text(labels.NO_ANSWER, timeout=15000)
    expect(person.box).to_have_value("Hello")
    person.turn(1).locator(".am-cite").click()
    expect(person.status).to_have_text(labels.NO_REPORT)
    with serving(open_desk(assistant), port=port):
        person.page.reload()  # as Gradio does by itself, sooner or later
        expect(person.turn(1)).to_contain_text("2009")
        expect(person.box).to_have_value("Hello")
        person.box.press("Enter")
        expect(person.turn(2)).to_have_attribute("data-kind", "greeting")
        person.context.close()


@pytest.mark.usefixtures("slow")
def test_a_question_that_is_never_answered_is_given_up(visit):
    person = visit()
    person.page.clock.install()
    person.page.reload()
    person.box.fill(ASKED["en"][0])
    person.box.press("Enter")
    expect(person.status).to_have_text(labels.SEARCHING)
    person.page.reload()
    expect(person.status).to_have_text(labels.NO_ANSWER)
    expect(person.box).to_have_value(ASKED["en"][0])
    person.box.press("Enter")
    expect(person.status).to_have_text(labels.SEARCHING)
    person.page.clock.fast_forward(61_000)
    expect(person.status).to_have_text(labels.NO_ANSWER)
    expect(person.box).to_have_value(ASKED["en"][0])


@pytest.mark.parametrize("language", LOCALES)
def test_nothing_is_wider_than_a_phone(visit, language):
    person = visit(locale=LOCALES[language], viewport=PHONE)
    turn = person.ask(ASKED[language][0])
    turn.locator("summary").first.click()
    person.ask(UNANSWERABLE).locator("summary").first.click()
    for width in (360, 320):
        person.page.set_viewport_size({**PHONE, "width": width})
        assert person.page.evaluate("document.documentElement.scrollWidth") <= width
        expect(person.page.locator(".am-send")).to_be_in_viewport()
    turn.locator(".am-cite").first.click()
    expect(person.panel.locator(".am-current")).to_be_in_viewport()
    assert person.page.evaluate("document.documentElement.scrollWidth") <= 320
    assert person.panel.evaluate("panel => panel.scrollWidth") <= 320


def test_no_request_leaves_the_host(visit, address):
    person = visit(bypass_csp=True)  # what the policy blocks would not be seen
    person.ask(ASKED["en"][0]).locator(".am-cite").click()
    expect(person.panel.locator(".am-current")).to_be_focused()
    person.panel.locator(".am-close").click()
    expect(person.page.locator(".am-related button").first).to_be_visible()
    turn = person.ask(UNANSWERABLE)
    turn.locator(".am-opinion summary").click()
    turn.get_by_label(labels.VERDICT_RIGHT).check()
    turn.get_by_role("button", name=labels.SEND_OPINION).click()
    expect(turn.locator(".am-thanks")).to_be_visible()
    person.page.locator(".am-links a").first.click()
    expect(person.page.locator("h1")).to_be_visible()
    for path in ("queue/join", "api/report", "api/related", "api/feedback", "about/about"):
        assert any(path in url for url in person.requests), path
    assert [url for url in person.requests if not url.startswith((address, "data:", "blob:"))] == []
    with person.page.expect_request("http://192.0.2.1/"):  # and if one did, it would be seen
        person.page.evaluate("() => { fetch('http://192.0.2.1/').catch(() => 0); }")
    assert person.requests[-1] == "http://192.0.2.1/"


def test_only_the_page_and_its_queue_can_be_reached(visit, address):
    person = visit()
    get = person.context.request.get
    policy = get(address).headers["content-security-policy"]
    assert "default-src 'self'" in policy
    for path in (
        *("docs", "openapi.json", "monitoring", "gradio_api/info", "gradio_api/openapi.json", "gradio_api/runs"),
        *("gradio_api/file=/etc/passwd", "gradio_api/proxy=http://example.org/", "gradio_api/call/answer"),
    ):
        assert get(address + path).status == 404, path
    sent = person.context.request.post(address + "gradio_api/upload", multipart={"files": "anything"})
    assert sent.status == 404


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(visit, scheme):
    script = files(pytest.importorskip("axe_playwright_python")).joinpath("axe.min.js").read_text("utf-8")
    options = {"locale": "ko-KR", "viewport": PHONE} if scheme == "dark" else {"locale": "fr-FR"}
    person = visit(color_scheme=scheme, **options)
    rules = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}"

    def check(state: str) -> None:
        person.page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished.catch(() => 0)))")
        found = person.page.evaluate(f"{script}; axe.run(document, {rules}).then((all) => all.violations)")
        assert [(state, each["id"], each["nodes"][0]["target"]) for each in found] == []

    check("empty")
    for number in range(3):
        person.page.locator(".am-links a").nth(number).click()
        expect(person.page.locator("h1")).to_be_visible()
        check(f"about {number}")
        person.page.locator("header a").first.click()
        expect(person.page.locator(".am-links a")).to_have_count(3)
    person.ask(ASKED["ko"][0])
    check("answered")
    person.turn(1).locator(".am-source summary").click()
    check("source open")
    person.turn(1).locator(".am-cite").click()
    expect(person.panel.locator(".am-current")).to_be_focused()
    check("report open")
    person.panel.locator(".am-toc summary").click()
    person.panel.get_by_role("searchbox").fill("Nantes")
    check("report searched")
    person.panel.locator(".am-close").click()
    person.ask(UNANSWERABLE).locator("summary").first.click()
    check("refused")
    person.turn(2).locator(".am-opinion summary").click()
    check("opinion")
    person.ask("???")
    check("error")
    person.page.route("**/queue/join*", lambda _: None)  # is never answered
    person.box.fill("Hello")
    person.box.press("Enter")
    expect(person.page.locator(".am-send")).not_to_have_attribute("aria-disabled", "true")
    check("stop")
    person.page.locator(".am-send").click()
    check("stopped")
    person.page.unroute_all(behavior="ignoreErrors")


def test_copying_and_saving_take_the_sources_along(visit):
    person = visit(permissions=["clipboard-read", "clipboard-write"])
    turn = person.ask(ASKED["en"][0])
    turn.get_by_role("button", name=labels.COPY).click()
    expect(person.status).to_have_text(labels.COPIED)
    copied = person.page.evaluate("navigator.clipboard.readText()")
    with person.page.expect_download() as download:
        person.page.get_by_role("button", name=labels.SAVE).click()
    saved = Path(download.value.path()).read_text("utf-8")
    for text in (copied, saved):
        assert f"## {ASKED['en'][0]}" in text
        assert f"> {QUOTE}" in text
        assert "2009. [1]" in text
        assert labels.MADE_BY_MACHINE in text
    where = re.search("<(http[^>]+)>", copied)
    assert where
    person.page.goto(where[1])
    expect(person.panel.locator("mark.am-quoted").first).to_have_text(QUOTE)


def test_two_people_ask_at_the_same_time(visit):
    one, other = visit(locale="fr-FR"), visit(locale="ko-KR")
    for person, language in ((one, "fr"), (other, "ko")):
        person.box.fill(ASKED[language][0])
    for person in (one, other):
        person.page.evaluate("document.querySelector('.am-form').requestSubmit()")
    for person, language in ((one, "fr"), (other, "ko")):
        expect(person.turn(1).locator(".am-said")).to_have_attribute("lang", language)
        expect(person.page.locator(".am-turn")).to_have_count(1)


def test_shift_enter_breaks_the_line_and_enter_sends(visit):
    person = visit()
    person.box.press_sequentially("Since when has Suncheon")
    person.box.press("Shift+Enter")
    person.box.press_sequentially("been twinned with Nantes?")
    assert person.box.input_value() == "Since when has Suncheon\nbeen twinned with Nantes?"
    person.box.press("Enter")
    expect(person.turn(1)).to_have_attribute("data-kind", "answer")
    expect(person.box).to_have_value("")


def compose(person: Visit, text: str) -> Any:
    """Type Hangul through an input method, and leave the last syllable being composed."""
    person.box.focus()
    devtools = person.context.new_cdp_session(person.page)
    done, last = text[:-1], text[-1]
    devtools.send("Input.insertText", {"text": done})
    devtools.send("Input.imeSetComposition", {"text": last, "selectionStart": 1, "selectionEnd": 1})
    assert person.box.input_value() == text
    return devtools


def key(devtools: Any, kind: str, code: int) -> None:
    devtools.send(
        "Input.dispatchKeyEvent", {"type": kind, "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": code}
    )


def sent_once(person: Visit, question: str) -> None:
    expect(person.turn(1).locator("h2")).to_contain_text(question)
    time.sleep(0.3)  # a second message would have come by now
    expect(person.page.locator(".am-turn")).to_have_count(1)
    expect(person.box).to_have_value("")


@pytest.mark.parametrize("then", ["nothing", "Enter again", "a line break"])
def test_enter_while_a_hangul_syllable_is_composed_sends_once_and_whole(visit, then):
    person = visit(locale="ko-KR")
    devtools = compose(person, ASKED["ko"][0].rstrip("?"))
    key(devtools, "rawKeyDown", 229)
    expect(person.page.locator(".am-turn")).to_have_count(0)
    devtools.send("Input.insertText", {"text": "요"})  # the input method commits the syllable
    if then == "Enter again":
        key(devtools, "rawKeyDown", 13)
    if then == "a line break":
        devtools.send("Input.dispatchKeyEvent", {"type": "char", "text": "\r"})
    key(devtools, "keyUp", 13)
    sent_once(person, ASKED["ko"][0].rstrip("?"))


def test_enter_after_the_composition_has_ended_sends_once_as_in_safari(visit):
    person = visit(locale="ko-KR")
    devtools = compose(person, ASKED["ko"][0].rstrip("?"))
    devtools.send("Input.insertText", {"text": "요"})
    key(devtools, "rawKeyDown", 229)
    key(devtools, "keyUp", 229)
    sent_once(person, ASKED["ko"][0].rstrip("?"))


def test_enter_that_picks_a_candidate_of_another_input_method_does_not_send(visit):
    person = visit()
    person.box.focus()
    devtools = person.context.new_cdp_session(person.page)
    devtools.send("Input.imeSetComposition", {"text": "にほん", "selectionStart": 3, "selectionEnd": 3})
    key(devtools, "rawKeyDown", 229)
    devtools.send("Input.insertText", {"text": "日本"})
    key(devtools, "keyUp", 13)
    time.sleep(0.3)
    expect(person.page.locator(".am-turn")).to_have_count(0)
    assert person.box.input_value() == "日本"


FOCUSED = """() => {
  const it = document.activeElement, style = getComputedStyle(it), box = it.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return [`${it.tagName} ${it.className} ${it.textContent.trim().slice(0, 60)}`,
    style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && (it.contains(top) || top?.contains(it))];
}"""
"""What has the focus, and whether that is to be seen: outlined, in view, and not covered by anything."""


def test_the_page_can_be_used_with_the_keyboard_alone(visit):
    person = visit()
    person.page.keyboard.press("Tab")
    expect(person.page.locator(".am-skip")).to_be_focused()
    person.page.keyboard.press("Enter")
    expect(person.box).to_be_focused()
    person.page.keyboard.type(ASKED["en"][0])
    person.page.keyboard.press("Enter")
    expect(person.turn(1)).to_have_attribute("data-kind", "answer")
    number = person.turn(1).locator(".am-cite")
    number.focus()
    person.page.keyboard.press("Enter")
    expect(person.panel.locator(".am-current")).to_be_focused()
    person.page.keyboard.press("Escape")
    expect(person.panel).to_be_hidden()
    expect(number).to_be_focused()
    stops = []
    person.page.keyboard.press("Shift+Tab")
    for _ in range(60):
        person.page.keyboard.press("Tab")
        stop, seen = person.page.evaluate(FOCUSED)
        if stop in stops or stop.startswith("BODY"):
            break
        assert seen, f"{stop} does not show that it has the focus"
        stops.append(stop)
    wanted = ("am-cite", "SUMMARY", labels.COPY, labels.EDIT_SHORT, labels.AGAIN, labels.OPINION, labels.PRINT)
    assert [name for name in wanted if not any(name in stop for stop in stops)] == []
    assert any(labels.SEND in stop for stop in stops), "one is caught before the end"
    person.turn(1).locator(".am-source summary").focus()
    person.page.keyboard.press("Enter")
    expect(person.turn(1).locator(".am-source")).to_have_attribute("open", "")
    person.page.keyboard.press("Enter")
    expect(person.turn(1).locator(".am-source")).not_to_have_attribute("open", "")
