"""Closed classes of words in each language (`fr.toml`, `en.toml`, `ko.toml`): how people ask, greet and refer back.

The patterns are regular expressions over folded text (`text.fold`: lower case, no accents). Nothing of any report
stands in these files; what a question is about is retrieval's affair.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Words:
    """The words of one language.

    `stop` merely ask or request, beside the usual stop words. `asks` tells the kind of answer asked for, the first
    pattern that is found counting. `small_talk` needs no report: a message of nothing else is a greeting, thanks, a
    question about the program or a goodbye; `also` may stand among them, and `task` begins a request that is none of
    the program's business; what asks of `this` may mean what was spoken of; `before` and `after` are polite words
    around a question. `leans` makes a question lean on the one before: what opens it, what refers to a person or a
    place, what ends a short one (`topic`), and the rest, `empty` being what only looks like it. `questions` are the
    words that ask, `romanised` those that tell Korean in Latin letters; `clauses` says where one question may join
    another, and what both have then. `parts` are the words for parts of the day, `days` for the first to seventh day of
    a mission, `hours` for one to twelve o'clock; `clock` shows an hour in a text, and `money` what a thing costs,
    beside the names of currencies. `joins` open a sentence that leans on the sentence before, `numbers` are written in
    words. `shares` tell a part of something, `lasting` are what a time is measured in, `times` tell when, beside dates
    and hours, `causes` why.
    """

    stop: tuple[str, ...]
    asks: tuple[tuple[str, re.Pattern[str]], ...]
    small_talk: dict[str, tuple[re.Pattern[str], ...]]
    leans: dict[str, re.Pattern[str]]
    questions: re.Pattern[str]
    romanised: re.Pattern[str] | None
    clauses: dict[str, re.Pattern[str]]
    parts: dict[str, re.Pattern[str]]
    days: tuple[re.Pattern[str], ...]
    hours: tuple[re.Pattern[str], ...]
    clock: re.Pattern[str]
    money: re.Pattern[str]
    joins: re.Pattern[str]
    numbers: re.Pattern[str]
    shares: re.Pattern[str]
    lasting: re.Pattern[str]
    times: re.Pattern[str]
    causes: re.Pattern[str]


@cache
def words_of(language: str) -> Words:
    """Return the words of `language`."""
    raw = tomllib.loads(files("askmission.words").joinpath(f"{language}.toml").read_text("utf-8"))
    pieces: dict[str, str] = raw["pieces"]
    return Words(
        stop=tuple(raw["stop"].split()),
        asks=tuple((entry["kind"], _any(entry["patterns"])) for entry in raw["asks"]),
        small_talk={
            name: tuple(_built(pattern, pieces) for pattern in patterns) for name, patterns in raw["small_talk"].items()
        },
        leans={name: _built("|".join(patterns), pieces) for name, patterns in raw["leans"].items()},
        questions=re.compile(raw["questions"]),
        romanised=re.compile(raw["romanised"]) if "romanised" in raw else None,
        clauses={name: _built(pattern, pieces) for name, pattern in raw["clauses"].items()},
        parts={name: _any(patterns) for name, patterns in raw["parts"].items()},
        days=tuple(map(re.compile, raw["days"])),
        hours=tuple(map(re.compile, raw["hours"])),
        clock=_any(raw["clock"]),
        money=_any(raw["money"]),
        joins=_any(raw["joins"]),
        numbers=_any(raw["numbers"]),
        shares=_any(raw["shares"]),
        lasting=_any(raw["lasting"]),
        times=_any(raw["times"]),
        causes=_any(raw["causes"]),
    )


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def _built(pattern: str, pieces: dict[str, str]) -> re.Pattern[str]:
    """Return `pattern` with the pieces that it names, which may name those before them."""
    for name, piece in reversed(pieces.items()):
        pattern = pattern.replace(f"{{{name}}}", piece)
    return re.compile(pattern)
