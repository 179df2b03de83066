"""Labels: every text of the page, and the catalog of them that the browser switches languages with.

Not for what an answer says (`answering`, `conversation`) nor for what a report says.
"""

import re
from datetime import date
from html import escape
from typing import Any

from babel.dates import format_date

from askmission import messages
from askmission.answering import LANGUAGE_NAMES
from askmission.messages import Text
from askmission.text import LANGUAGES

PURPOSE = Text("Questions about study missions, answered in the reports' own words")
NOTICE = Text(
    "You are talking to a machine. It looks for passages of the reports and quotes them. It can miss some or choose "
    "badly, and its answers are not official: the passage quoted is there to be checked."
)
LANGUAGE = Text("Language of the page")
SKIP = Text("Skip to the question")
CONVERSATION = Text("Conversation")
EXAMPLES = Text("For example")
QUESTION = Text("Your question (French, English or Korean)")
HINT = Text("Enter sends the question, Shift + Enter starts a new line.")
SEND = Text("Ask")
STOP = Text("Stop")
NEW = Text("New conversation")
COPY = Text("Copy with sources")
SAVE = Text("Save")
PRINT = Text("Print")
AGAIN = Text("Ask again")
EDIT_SHORT = Text("Edit")
EDIT = Text("Edit the last question")
RELATED = Text("You could also ask")
ASKED = Text("You asked:")
SOURCES = Text("Sources")
NEAREST_PASSAGES = Text("Nearest passages")
SOURCE = Text("Source {number}")
PASSAGE = Text("Passage {number}")
IN_REPORT = Text("Read it in the report")
READ = Text("Read the report")
REPORT = Text("The report")
CLOSE_SHORT = Text("Back")
CLOSE = Text("Back to the conversation")
CONTENTS = Text("Contents")
FIND = Text("Search")
FOUND = Text("{number} of {count}")
FOUND_NOWHERE = Text("Not found in the report")
PREVIOUS_FOUND = Text("Previous place found")
NEXT_FOUND = Text("Next place found")
SOURCE_OF = Text("Source {number} of {count}")
PREVIOUS = Text("Previous source")
NEXT = Text("Next source")
ADDRESS = Text("Address of this passage")
COPY_ADDRESS = Text("Copy the address")
ADDRESS_COPIED = Text("Address copied.")
NO_REPORT = Text("The report cannot be opened. Check the connection, then try again.")
NO_PASSAGE = Text("This passage is not in the report any more; here is the report.")
ORIGINAL = Text("Original text, in {tongue}")
OPINION = Text("Is this answer right?")
VERDICT_RIGHT = Text("It is right.")
VERDICT_WRONG = Text("It is wrong.")
VERDICT_INCOMPLETE = Text("Something is missing.")
VERDICT_CITATION = Text("The passage quoted does not say so.")
VERDICT_PERSONAL = Text("It shows personal data.")
VERDICT_INAPPROPRIATE = Text("It is inappropriate.")
COMMENT = Text("Your comment (not required)")
IS_KEPT = Text(
    "What you send is kept for up to {days} days by those who run this page: your question, the answer, its sources "
    "and your comment, nothing about you. Please write no personal data."
)
SEND_OPINION = Text("Send")
CHOOSE = Text("Please choose one of the lines first.")
THANKS = Text("Thank you. What you said has been kept.")
NOT_KEPT = Text("What you said could not be kept. Please try again later.")
SEARCHING = Text("Searching the reports…")
ANSWERED = Text("Here is the answer.")
NOT_FOUND = Text("Nothing found in the reports.")
STOPPED = Text("Stopped. The question is back in the box.")
CLEARED = Text("New conversation: the earlier questions are forgotten.")
COPIED = Text("Answer and sources copied.")
NOT_COPIED = Text("The browser does not allow copying.")
NO_ANSWER = Text("No answer came. Check the connection, then ask again.")
BROKEN = Text("Something went wrong on our side. Please ask again in a moment.")
MADE_BY_MACHINE = Text("Found and put together by a machine (AskMission). Not official; see the passages quoted.")
KEPT_HERE = Text("This browser keeps your conversation, for 30 days at most.")
AS_OF = Text("Reports as they stood on {date}")

UNOFFICIAL = messages.UNOFFICIAL
DRAFT = messages.DRAFT

BY_NAME: dict[str, Text] = {name: value for name, value in list(globals().items()) if isinstance(value, Text)}
"""The labels by their names here."""


def date_in(language: str, day: date, form: str) -> str:
    """Return a day in a language's words, in one of Unicode's forms; French counts the first of a month."""
    said = format_date(day, form, language)
    return re.sub(r"\b1 (?=[^\W\d])", "1er ", said) if language == "fr" else said


def catalog() -> dict[str, dict[str, str]]:
    """Return the labels by language, by their English."""
    return {
        language: {str(label): label.in_language(language) for label in (*BY_NAME.values(), *LANGUAGE_NAMES.values())}
        for language in LANGUAGES
    }


def span(label: Text, page: str, *, hidden: bool = False, **values: Any) -> str:
    """Return a label in the page's language, as HTML that the browser can say again in another.

    A value that is a `Text` is a label too, and is said in the same language.
    """
    said = {name: value.in_language(page) if isinstance(value, Text) else value for name, value in values.items()}
    data = "".join(f' data-{name}="{escape(str(value))}"' for name, value in values.items())
    kind = ' class="am-hidden"' if hidden else ""
    return f'<span data-text="{escape(label)}"{data}{kind}>{escape(label.in_language(page, **said))}</span>'
