"""Conversation: what is said that needs no report, and questions that lean on the one before.

Both are decided by closed lists of words; text in a question is never an instruction.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from askmission.asking import Kind, kind_of
from askmission.lexical import content_words, without_courtesy
from askmission.messages import Text
from askmission.moments import asked_moments, without_moments
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
_ENDS = "?？!！.。…"
SHORT = 4
"""A question of at most this many words may lean on the one before …"""

FEW = 1
"""… if at most this many of them say what it is about."""

TOPIC = 2
"""A Korean question that ends in its topic leans on the one before if at most this many words say what it is about."""

MANY = 6
"""A question with names and more than this many words that say what it is about stands alone."""

MOST = 3
"""A message is taken apart into at most this many questions."""

_NEAR = 3
"""The words of an hour stand no further from each other than this."""

_REACH = 4
"""What a question before leans on in turn is looked for in this many messages."""


@dataclass(frozen=True)
class Turn:
    """One message of a conversation."""

    role: Literal["user", "assistant"]
    content: str


def small_talk(question: str, page: str | None = None, history: Sequence[Turn] = ()) -> tuple[Text, str] | None:
    """Return what to say to small talk or to a request that no report answers, and its language; else None.

    A message is small talk if it holds nothing else: "Hello, who are you?" is, "Hello, who is the mayor?" is not. What
    is said alike in several languages ("OK", "super") is heard in the language of the `page`. "How does this work?" is
    about the program unless the `history` holds a question, whose subject it is about then.
    """
    plain = _plain(question)
    if not plain or len(plain) > _LONGEST_TALK:
        return None
    languages = sorted(LANGUAGES, key=lambda each: each != page)
    heard = _heard(plain)
    for kind, text in _SAID.items():
        for language in languages:
            if (language, kind) in heard.get(len(plain), ()):
                this = text is WHO and any(each.search(plain) for each in words_of(language).small_talk["this"])
                return None if this and _asked(history) else (text, language)
    for language in languages:
        if any(task.match(plain, at) for task in words_of(language).small_talk["task"] for at in heard):
            return TASK, language
    return None


def _asked(history: Sequence[Turn]) -> list[int]:
    """Return the places of the user's questions in `history`."""
    return [at for at, turn in enumerate(history) if turn.role == "user" and small_talk(turn.content) is None]


def _plain(text: str) -> str:
    return _GAPS.sub("", squeeze(_MARKS.sub(" ", fold(text))))


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


def parts_of(question: str, language: str) -> tuple[str, ...]:
    """Return the separate questions of a message, at most `MOST` of them: the message itself where it asks one.

    Questions are separate where each is a sentence of its own, the first with a word that asks and one that says what
    about, or where each is a clause with its own word that asks and what it asks of: "When and where?" is one question.
    """
    asks = words_of(language).questions
    said = [found.group().strip() for found in re.finditer(r"[^?？]+[?？]*", question) if _plain(found.group())]
    sentences = [each for each in said if each.endswith(("?", "？")) or asks.search(fold(each))]
    first = fold(sentences[0]) if sentences else ""
    several = asks.search(first) and content_words(asks.sub(" ", first), language) and small_talk(first) is None
    parts = [
        part
        for each in (sentences if several and len(sentences) > 1 else [question])
        for part in _clauses(each, language)
    ]
    if len(parts) > MOST:
        parts[MOST - 1 :] = [" ".join(parts[MOST - 1 :])]
    return tuple(parts) if len(parts) > 1 else (question,)


def _clauses(sentence: str, language: str) -> list[str]:
    """Return the clauses of a sentence that are questions by themselves."""
    words = words_of(language)
    for join in words.clauses["join"].finditer(sentence):
        left, right = sentence[: join.start()], sentence[join.end() :]
        if not words.clauses["left"].search(fold(left)) or not words.clauses["right"].match(fold(right)):
            continue
        asked, then = words.questions.findall(fold(left)), words.questions.findall(fold(right))
        if (
            language != "ko"
            and (
                not (asked and then)  # misspelt: "aquelle heure"
                or then[0] in asked[1:]  # "the one who spoke and who thanked them"
                or fold(left).endswith(asked[-1])  # "tells when and why"
            )
        ):
            continue
        return [left, *_clauses(right, language)]
    return [sentence]


def standalone(question: str, language: str, history: Sequence[Turn], finder: NameFinder) -> str:
    """Return `question` so that it can be understood alone, with what it leans on of the user's question before.

    A name, a year or a day of the new question takes the place of that of the old one; a new kind of question takes
    the place of the old one's. Who or which town the old one asked for is taken from what was answered.
    """
    asked = _asked(history)
    if not asked or not leans(question, language, finder):
        return question
    at = asked[-1]
    before = standalone(history[at].content, language, history[:at][-_REACH:], finder)
    answers = [turn.content for turn in history[at + 1 : at + 2] if turn.role == "assistant"]
    return " ".join([merge(before, question, language, finder), *_meant(before, question, language, finder, answers)])


def leans(question: str, language: str, finder: NameFinder) -> bool:
    """Return whether `question` needs the one before to be understood."""
    words = words_of(language)
    names, moments = finder.find(question), asked_moments(question)
    folded = _folded(question, language)
    content = content_words(finder.without(question), language)
    if words.leans["other"].search(folded):
        return len(content) <= MANY or not names
    if _refers(question, language, finder):
        return True
    if words.leans["topic"].search(folded) and len(content) <= TOPIC:
        return True
    if words.leans["opens"].search(folded):
        whole = words.questions.search(folded) and content
        return not (whole and (names or moments or len(content) > MANY / 2))
    spoken = [word for word in re.findall(r"\w+", folded) if not word.isdigit()]
    about = content_words(words.questions.sub(" ", folded), language)
    short = len(spoken) <= SHORT and len([word for word in about if not word.isdigit()]) <= FEW
    return short and not names and (not moments or len(spoken) == 1)


def _folded(question: str, language: str) -> str:
    """Return `question` without what only looks like it leans; what such a pattern groups stays."""
    folded = re.sub(r"[\s?!.…]+$", "", fold(question))
    empty = words_of(language).leans["empty"]
    return squeeze(empty.sub(lambda found: f" {''.join(filter(None, found.groups()))} ", folded))


def _refers(question: str, language: str, finder: NameFinder) -> set[str]:
    """Return whether `question` refers to a "person", a "place": by words that stand before any name in it."""
    names = finder.find(question)
    folded = _folded(question[: names[0].start] + "§" if names else question, language)  # § stands for the name
    return {kind for kind in ("person", "place") if words_of(language).leans[kind].search(folded)}


def _meant(before: str, question: str, language: str, finder: NameFinder, answers: Sequence[str]) -> list[str]:
    """Return the person or place of the answer that `question` refers to and that the question before asked for."""
    refers = _refers(question, language, finder)
    named = {finder.names[number].kind for number in finder.numbers([before, question])}
    wanted = {"place"} if "place" in refers else {"person"} if kind_of(before, language) is Kind.PERSON else set()
    for answer in answers:
        for found in finder.find(answer):
            if finder.names[found.number].kind in (wanted & refers) - named:
                return [answer[found.start : found.end]]
    return []


def merge(before: str, question: str, language: str, finder: NameFinder) -> str:
    """Return the question before with what the new one puts in its place."""
    before = without_courtesy(before, language)
    kinds = {finder.names[found.number].kind for found in finder.find(question)}
    for found in reversed(finder.find(before)):
        if finder.names[found.number].kind in kinds:
            before = before[: found.start] + before[found.end :]
    if _YEAR.search(question):
        before = _YEAR.sub("", before)
    moments = asked_moments(question)
    if moments.weekdays or moments.days or moments.ordinals:
        before = without_moments(before)
    elif moments.hours:
        before = _without_hours(before)
    if words_of(language).questions.search(fold(question)):
        names = finder.find(before)
        before = " ".join(
            word.group()
            for word in re.finditer(r"\S+", before)
            if content_words(word.group(), language)
            or asked_moments(word.group())
            or any(name.start < word.end() and word.start() < name.end for name in names)
        )
    end = "" if question[-1:] in _ENDS else "."
    return f"{question}{end} {before}".strip()


def _without_hours(text: str) -> str:
    """Return `text` without the words that make its hours and parts of the day; its days stay."""
    words = text.split()
    for _ in range(2):  # "at 3 in the afternoon": the part of the day is heard once the hour is gone
        words = [word for at, word in enumerate(words) if not _tells_hour(words, at)]
    return " ".join(words)


def _tells_hour(words: Sequence[str], at: int) -> bool:
    """Return whether the hours, but not the days, are others without the word at a place, as those near it tell."""
    near, after = words[max(at - _NEAR, 0) : at], words[at + 1 : at + 1 + _NEAR]
    said, rest = asked_moments(" ".join([*near, words[at], *after])), asked_moments(" ".join([*near, *after]))
    return said.hours != rest.hours and replace(said, hours=()) == replace(rest, hours=())
