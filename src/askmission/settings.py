"""Settings: from the environment or a `.env` file, checked once, a misspelt name refused."""

import difflib
import io
import os
from pathlib import Path
from typing import Literal

from dotenv.parser import parse_stream
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from askmission.encoder import EMBEDDED
from askmission.errors import SettingsError

PREFIX = "ASKMISSION_"
ENV_FILE = ".env"


class Settings(BaseSettings):
    """All there is to set. Each has the environment variable `ASKMISSION_` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=ENV_FILE, extra="ignore", frozen=True)

    corpus: Path = Field(Path("corpus"), description="folder that holds the missions")
    index: Path = Field(Path("index"), description="folder that the index is built into")
    data: Path = Field(Path("data"), description="folder that feedback is kept in")
    feedback_days: int = Field(365, description="days that feedback is kept; 0 to take none", ge=0, le=3650)
    operator: str = Field("", description="who runs the chat page, as its pages say it")
    contact: str = Field("", description="whom to turn to instead of the machine, as the pages say it")
    audit: Literal["none", "partial", "full"] = Field("none", description="what an audit of accessibility has found")
    encoder: str = Field(EMBEDDED, description="model that turns text into vectors: a name or a folder", min_length=1)
    host: str = Field("127.0.0.1", description="address that the chat page listens on", min_length=1)
    port: int = Field(7860, description="port that the chat page listens on", ge=1, le=65535)
    concurrency: int = Field(8, description="questions that the chat page answers at once", ge=1, le=256)
    root_path: str = Field(
        "",
        description="path that a reverse proxy offers the chat page below, like /ask",
        pattern=r"^(/[\w.-]+)*$",
    )
    rate: int = Field(60, description="questions a minute that one client may ask; 0 for any number", ge=0)
    passwords: Path | None = Field(
        None, description="file of names and hashed passwords, which all but the health checks then ask for"
    )
    mcp: bool = Field(False, description="whether other assistants may ask too, by the Model Context Protocol at /mcp")
    log_questions: bool = Field(
        False, description="whether the server's log holds the words of the questions, and of errors"
    )


def open_settings() -> Settings:
    """Read the settings. Raises `SettingsError`, naming the variable, if one is unknown or out of range."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    given = {name.upper() for name in (*os.environ, *_in_file(Path(ENV_FILE))) if name.upper().startswith(PREFIX)}
    for name in sorted(given - known):
        near = difflib.get_close_matches(name.removeprefix(PREFIX), [each.removeprefix(PREFIX) for each in known], n=1)
        meant = f"Did you mean {PREFIX}{near[0]}?" if near else f"Known settings: {', '.join(sorted(known))}."
        raise SettingsError(f"{name}: no such setting. {meant}")
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + str(first["loc"][0]).upper()
        raise SettingsError(f"{name}={first['input']}: {first['msg']}.") from error


def _in_file(path: Path) -> list[str]:
    """Return the names that a file sets. Raises `SettingsError` if a line would be passed over in silence."""
    try:
        text = path.read_text("utf-8") if path.exists() else ""
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: not UTF-8. Save it as UTF-8.") from error
    names = []
    for each in parse_stream(io.StringIO(text)):
        written = each.original.string.strip()
        if each.error or (each.key and each.value is None and each.key.upper().startswith(PREFIX)):
            raise SettingsError(f"{path}, line {each.original.line}: '{written}' sets nothing. Write NAME=value.")
        names.append(each.key or "")
    return names
