"""About: the pages that a public body owes those who use its service, in three languages.

Who runs it and that it is a machine, what is kept, how accessible it is; each says what the settings make true.
"""

from dataclasses import dataclass
from html import escape
from typing import Literal

from askmission.index import Index
from askmission.messages import Text
from askmission.page import labels
from askmission.page.rendering import words
from askmission.text import LANGUAGES

Audit = Literal["none", "partial", "full"]
"""What an audit of accessibility has found: none was made, some of the criteria are met, all of them are."""

ABOUT = Text("About this service")
PRIVACY = Text("Privacy")
ACCESSIBILITY = Text("Accessibility: {state}")
STATEMENT = Text("Accessibility statement")
STATES = {
    "none": Text("not compliant"),
    "partial": Text("partially compliant"),
    "full": Text("fully compliant"),
}
BACK = Text("Back to the questions")

WHO = Text("Who runs it")
NOT_GIVEN = Text("Those who run this service have not said who they are.")
CONTACT = Text("To reach them, or to be answered by a person: {contact}")
MACHINE = Text("A machine answers")
MACHINE_IS = Text(
    "The answers are found and put together by a program, without anyone reading them first. It looks for the "
    "passages of the reports that are nearest to the question and quotes them. The texts you copy or save say "
    "so too."
)
NOT_OFFICIAL = Text("The answers are not official, and no decision should rest on them. Only the report itself counts.")
TRANSLATED = Text(
    "Translations are drafts of this project, not the authors' words; the original is always shown first."
)
REPORTS = Text("The reports")
WRITTEN_BY = Text("{title}, by {authors}")
RIGHTS = Text(
    "The reports belong to their authors; they are quoted here with their source. The program is free software."
)

NOTHING_KEPT = Text("Your questions are not kept")
ANSWERED_AND_FORGOTTEN = Text(
    "A question is answered and forgotten. The log says when a question was asked, in which language, and "
    "whether an answer was found; it does not say what was asked nor by whom."
)
QUESTIONS_LOGGED = Text("Your questions are written into a log")
LOGGED = Text(
    "Those who run this service have chosen to keep the words of the questions in a log, without saying who "
    "asked. Please write no personal data."
)
IN_BROWSER = Text("In your browser")
IN_BROWSER_IS = Text(
    "Your browser keeps the conversation, so that you find it again when you come back: until you begin a new "
    "conversation, and for 30 days at most. On a computer that others use too, begin a new conversation before you "
    "leave. The language you chose is kept until you clear the browser's data. There is no cookie and no measuring "
    "of visits."
)
COUNTED = Text(
    "So that nobody can take the service away from the others, the address of your connection is counted in "
    "memory; it is written nowhere."
)
OPINIONS = Text("What you think of an answer")
OPINIONS_KEPT = Text(
    "Only if you send it: your opinion, your comment, the question, the answer and its sources are kept for up "
    "to {days} days, to correct the service, and then erased. Nothing in it says who you are, unless you write "
    "it."
)
NO_OPINIONS = Text("This service takes no opinions.")
YOUR_RIGHTS = Text("Your rights")
YOUR_RIGHTS_ARE = Text(
    "You may ask those who run this service what is kept of you and have it corrected or erased. If their "
    "answer does not satisfy you, you may turn to the CNIL in France (cnil.fr) or the PIPC in Korea "
    "(pipc.go.kr)."
)

COMMITS = Text(
    "Those who run this service commit to making it accessible, in accordance with article 47 of French law "
    "2005-102 of 11 February 2005. This statement applies to the chat page of AskMission and the report shown "
    "in it."
)
STATE = Text("State of compliance")
STATE_IS = {
    "none": Text(
        "The service is not compliant with the RGAA, version 4.1, since no audit has been made yet. It was made"
        " to meet its criteria and those of KWCAG 2.2."
    ),
    "partial": Text(
        "The service is partially compliant with the RGAA, version 4.1: an audit found some criteria not met."
    ),
    "full": Text("The service is fully compliant with the RGAA, version 4.1: an audit found all of its criteria met."),
}
TESTED = Text("What has been tested")
TESTED_IS = Text(
    "Each state of the page is checked by axe-core (WCAG 2.1 A and AA) in Chromium, light and dark, on a large "
    "screen and a phone, and finds no fault; all can be done with the keyboard alone; nothing is wider than 320"
    " pixels. A program finds only part of the faults, and no one using a screen reader has tested it yet."
)
NOT_ACCESSIBLE = Text("What is not accessible")
NOT_ACCESSIBLE_IS = Text(
    "Translations are drafts and may be hard to understand. Without JavaScript the page does not work."
)
FAULTS = Text("If you meet a barrier")
FAULTS_IS = Text(
    "Tell those who run this service, who will help you or send you what you look for in another form. If you "
    "are not answered, you may turn to the Défenseur des droits in France (defenseurdesdroits.fr) or the "
    "National Human Rights Commission in Korea (humanrights.go.kr)."
)


@dataclass(frozen=True)
class About:
    """What those who run the service say of it; the defaults are the settings'."""

    operator: str = ""
    contact: str = ""
    audit: Audit = "none"
    feedback_days: int = 0
    log_questions: bool = False


NOBODY = About()
"""What is said where nobody has said anything."""

PAGES = ("about", "privacy", "accessibility")


def links(about: About) -> dict[str, dict[str, str]]:
    """Return the name of each page in each language."""
    state = STATES[about.audit]
    return {
        language: {
            "about": ABOUT.in_language(language),
            "privacy": PRIVACY.in_language(language),
            "accessibility": ACCESSIBILITY.in_language(language, state=state.in_language(language)),
        }
        for language in LANGUAGES
    }


def shown(name: str, about: About, index: Index, language: str, style: str) -> str:
    """Return one of `PAGES` as HTML; `style` is that of the chat page."""
    told = {"about": _about, "privacy": _privacy, "accessibility": _accessibility}[name](about, index, language)
    title = told[0][0]
    body = "".join(
        f"<h{min(2, number)}>{words(heading, language)}</h{min(2, number)}>"
        + "".join(f"<p>{words(line, language)}</p>" for line in lines)
        for number, (heading, lines) in enumerate(told, 1)
    )
    tongues = {"fr": "Français", "en": "English", "ko": "한국어"}
    switch = " ".join(
        f'<a href="?language={each}" lang="{each}" hreflang="{each}"'
        f"{' aria-current=true' if each == language else ''}>{called}</a>"
        for each, called in tongues.items()
    )
    named = words(labels.LANGUAGE.in_language(language), language)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{escape(title)} - AskMission</title>"
        f'<meta name="viewport" content="width=device-width"><style>{style}</style></head>'
        f'<body class="am-document"><header><a href="../">{words(BACK.in_language(language), language)}</a>'
        f'<nav aria-label="{named}">{switch}</nav></header><main>{body}</main></body></html>'
    )


def _about(about: About, index: Index, language: str) -> list[tuple[str, list[str]]]:
    written = [
        WRITTEN_BY.in_language(language, title=each.title.in_language(language), authors=", ".join(each.authors))
        for each in index.missions
    ]
    return [
        (ABOUT.in_language(language), []),
        (WHO.in_language(language), _who(about, language)),
        (MACHINE.in_language(language), [t.in_language(language) for t in (MACHINE_IS, NOT_OFFICIAL, TRANSLATED)]),
        (REPORTS.in_language(language), [*written, RIGHTS.in_language(language)]),
    ]


def _privacy(about: About, _index: Index, language: str) -> list[tuple[str, list[str]]]:
    logged = (QUESTIONS_LOGGED, LOGGED) if about.log_questions else (NOTHING_KEPT, ANSWERED_AND_FORGOTTEN)
    opinions = OPINIONS_KEPT.in_language(language, days=about.feedback_days) if about.feedback_days else None
    return [
        (PRIVACY.in_language(language), []),
        (logged[0].in_language(language), [logged[1].in_language(language), COUNTED.in_language(language)]),
        (IN_BROWSER.in_language(language), [IN_BROWSER_IS.in_language(language)]),
        (OPINIONS.in_language(language), [opinions or NO_OPINIONS.in_language(language)]),
        (YOUR_RIGHTS.in_language(language), [YOUR_RIGHTS_ARE.in_language(language), *_who(about, language)]),
    ]


def _accessibility(about: About, _index: Index, language: str) -> list[tuple[str, list[str]]]:
    parts = (
        (STATE, STATE_IS[about.audit]),
        (TESTED, TESTED_IS),
        (NOT_ACCESSIBLE, NOT_ACCESSIBLE_IS),
    )
    return [
        (STATEMENT.in_language(language), [COMMITS.in_language(language)]),
        *((heading.in_language(language), [said.in_language(language)]) for heading, said in parts),
        (FAULTS.in_language(language), [FAULTS_IS.in_language(language), *_who(about, language)]),
    ]


def _who(about: About, language: str) -> list[str]:
    contact = [CONTACT.in_language(language, contact=about.contact)] if about.contact else []
    return [about.operator or NOT_GIVEN.in_language(language), *contact]
