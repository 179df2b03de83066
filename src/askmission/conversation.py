"""Conversation: small talk that needs no report, and questions that lean on the one before.

Both are decided by closed lists of words; text in a question is never an instruction.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from askmission.asking import Kind, kind_of
from askmission.lexical import content_words
from askmission.messages import Text
from askmission.moments import asked_moments
from askmission.names import NameFinder
from askmission.text import LANGUAGES, fold, squeeze
from askmission.words import words_of

HELLO = Text(
    "Hello! Ask me about the study missions: who, when, where, how many, why. I answer with the words of the reports."
)
THANKS = Text("You're welcome. Is there anything else you would like to know about the missions?")
WHO = Text(
    "I am AskMission, a program that answers questions about study-mission reports. I quote the reports, I make "
    "nothing up, and I say so when they don't tell."
)
BYE = Text("Goodbye, and thank you for your visit.")

_SAID = {"hello": HELLO, "thanks": THANKS, "who": WHO, "bye": BYE}
_YEAR = re.compile(r"\b(?:19|20)\d\d(?!\d)")
FEW = 1
"""A question with at most this many words that say what it is about may lean on the one before."""


@dataclass(frozen=True)
class Turn:
    """One message of a conversation."""

    role: Literal["user", "assistant"]
    content: str


def small_talk(question: str, page: str | None = None) -> tuple[Text, str] | None:
    """Return what to say to a greeting, thanks or a question about the program, and its language; else None.

    What is said alike in several languages ("OK", "super") is heard in the language of the `page`. Of several such
    sentences ("Hello, who are you?") the last one that says more than a greeting counts; one sentence of another kind
    among them makes the whole a question.
    """
    parts = [part for part in map(_plain, re.split(r"[.,;!?…]+", question)) if part]
    found = [_small_talk(part, page) for part in parts] or [None]
    if len(parts) == 1 and found == [None]:
        hello = "|".join(words_of(language).small_talk["hello"].pattern for language in LANGUAGES)
        greeting = re.match(rf"(?:{hello})(?= )", parts[0])
        found = [_small_talk(parts[0][greeting.end() :].strip(), page)] if greeting else [None]
    if any(talk is None for talk in found):
        return None
    said = [talk for talk in found if talk]
    return next((talk for talk in reversed(said) if talk[0] is not HELLO), said[-1])


def _plain(text: str) -> str:
    plain = squeeze(re.sub(r"[^\w가-힣]+", " ", fold(text)))
    for language in LANGUAGES:
        plain = squeeze(words_of(language).courtesies.sub(" ", plain))
    return plain


def _small_talk(plain: str, page: str | None) -> tuple[Text, str] | None:
    for language in sorted(LANGUAGES, key=lambda each: each != page):
        for name, pattern in words_of(language).small_talk.items():
            if pattern.fullmatch(plain):
                return _SAID[name], language
    return None


def standalone(question: str, language: str, history: Sequence[Turn], finder: NameFinder) -> str:
    """Return `question` so that it can be understood alone, with what it leans on of the user's question before.

    A name or a year of the new question takes the place of that of the old one; a new kind of question takes the place
    of the old one's.
    """
    asked = [turn.content for turn in history if turn.role == "user" and small_talk(turn.content) is None]
    if not asked or not leans(question, language, finder):
        return question
    before = standalone(asked[-1], language, [Turn("user", text) for text in asked[:-1]][-2:], finder)
    return merge(before, question, language, finder)


def leans(question: str, language: str, finder: NameFinder) -> bool:
    """Return whether `question` needs the one before to be understood."""
    folded = re.sub(r"[?!.…]+$", "", fold(question)).strip()
    if words_of(language).leans.search(folded):
        return len(content_words(question, language)) <= 6 or not finder.find(question)
    short = len(question.split()) <= 4 and len(content_words(question, language)) <= FEW
    return short and not finder.find(question) and not asked_moments(question)


def merge(before: str, question: str, language: str, finder: NameFinder) -> str:
    """Return the question before with what the new one puts in its place."""
    old, new = finder.find(before), finder.find(question)
    kinds = {finder.names[found.number].kind for found in new}
    for found in reversed(old):
        if finder.names[found.number].kind in kinds:
            before = before[: found.start] + before[found.end :]
    if _YEAR.search(question):
        before = _YEAR.sub("", before)
    if kind_of(question, language) is not Kind.OTHER:
        before = " ".join(word for word in before.split() if content_words(word, language))
    return f"{question} {before}".strip()
