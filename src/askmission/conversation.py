"""Conversation: what is said that needs no report, and questions that lean on the one before.

Both are decided by closed lists of words; text in a question is never an instruction.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
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
TASK = Text("I only answer questions about the study missions, with the words of their reports. What may I look up?")

_SAID = {"who": WHO, "bye": BYE, "thanks": THANKS, "hello": HELLO}
"""What is said to small talk; to the first of what a message holds."""

_LONGEST_TALK = 150
_KOREAN = "가-힣\u1100-\u11ff"
_MARKS = re.compile(r"[^\w*+×÷]+")
_GAPS = re.compile(rf"(?<=[{_KOREAN}]) (?=[{_KOREAN}])")
_YEAR = re.compile(r"\b(?:19|20)\d\d(?!\d)")
FEW = 1
"""A question with at most this many words that say what it is about may lean on the one before."""


@dataclass(frozen=True)
class Turn:
    """One message of a conversation."""

    role: Literal["user", "assistant"]
    content: str


def small_talk(question: str, page: str | None = None) -> tuple[Text, str] | None:
    """Return what to say to small talk or to a request that no report answers, and its language; else None.

    A message is small talk if it holds nothing else: "Hello, who are you?" is, "Hello, who is the mayor?" is not. What
    is said alike in several languages ("OK", "super") is heard in the language of the `page`.
    """
    plain = _GAPS.sub("", squeeze(_MARKS.sub(" ", fold(question))))
    if not plain or len(plain) > _LONGEST_TALK:
        return None
    languages = sorted(LANGUAGES, key=lambda each: each != page)
    heard = _heard(plain)
    for kind, text in _SAID.items():
        for language in languages:
            if (language, kind) in heard.get(len(plain), ()):
                return text, language
    for language in languages:
        if any(task.match(plain, at) for task in words_of(language).small_talk["task"] for at in heard):
            return TASK, language
    return None


def _heard(plain: str) -> dict[int, set[tuple[str, str]]]:
    """Return the places up to which `plain` is small talk, each with the languages and kinds of it."""
    heard: dict[int, set[tuple[str, str]]] = {0: set()}
    for at in range(len(plain)):
        for name, pattern in _talk() if at in heard else ():
            if found := pattern.match(plain, at):
                heard.setdefault(found.end(), set()).update(heard[at], {name})
    return heard


@cache
def _talk() -> list[tuple[tuple[str, str], re.Pattern[str]]]:
    """Return each language, kind and pattern of small talk, up to the next word; Korean is written without spaces."""
    return [
        ((language, kind), re.compile(rf"(?:{talk.pattern})(?: |$|(?<=[{_KOREAN}]))"))
        for language in LANGUAGES
        for kind in (*_SAID, "also")
        for talk in words_of(language).small_talk[kind]
    ]


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
