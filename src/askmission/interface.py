"""The interface: what other programs send and are told, by HTTP or by MCP, in the program's own records.

Not for the answer itself (`assistant.Answer`, whose shape is DESIGN's) nor for how it is asked for (`server`, `tool`).
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from askmission.feedback import Verdict
from askmission.index import Index
from askmission.missions import Names

MAX_TEXT = 20_000
"""Texts of a request longer than this, in characters, are refused before anything is done with them."""

MAX_MESSAGES = 200


class Said(BaseModel):
    """One message of the conversation so far."""

    role: Literal["user", "assistant"]
    content: str = Field(max_length=MAX_TEXT)


class Asked(BaseModel):
    """A question, and what it may lean on."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(max_length=MAX_TEXT, description="in French, English or Korean", examples=["Who spoke?"])
    history: list[Said] = Field([], max_length=MAX_MESSAGES, description="the conversation so far, oldest first")
    language: Literal["fr", "en", "ko"] | None = Field(
        None, description="used where the question does not tell its own"
    )


class MissionTold(BaseModel):
    """What is known of a mission."""

    id: str
    title: Names
    place: Names
    start: str
    end: str
    language: str
    passages: int

    @classmethod
    def all(cls, index: Index) -> "list[MissionTold]":
        """Return what is known of each mission of an index, the earliest first."""
        counts = {mission.id: 0 for mission in index.missions}
        for entry in index.entries:
            counts[entry.passage.mission] += 1
        return [
            cls(
                id=mission.id,
                title=mission.title,
                place=mission.place,
                start=mission.start.isoformat(),
                end=mission.end.isoformat(),
                language=mission.language,
                passages=counts[mission.id],
            )
            for mission in index.missions
        ]


class CitedTold(BaseModel):
    """What an answer rested on."""

    passage: str = Field(max_length=300)
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    quote: str = Field(min_length=1, max_length=MAX_TEXT)


class Told(BaseModel):
    """What somebody says of an answer."""

    model_config = ConfigDict(extra="forbid")

    verdict: Verdict
    comment: str = Field("", max_length=2000)
    question: str = Field(max_length=4000)
    language: Literal["fr", "en", "ko"]
    kind: Literal["answer", "refusal"]
    answer: str = Field(max_length=MAX_TEXT)
    cited: list[CitedTold] = Field([], max_length=20)
    built: str = Field("", max_length=40)


class Refused(BaseModel):
    """Why a request has no answer, in one line."""

    error: str
