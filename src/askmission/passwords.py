"""Passwords: who may come in, by a file with a name and the hash of a password a line.

Hashed with scrypt as OWASP advises: N = 2¹⁴, r = 8, p = 5, which takes 16 MiB and a fifth of a second. Not for
asking for them (`gate`).
"""

import hashlib
import hmac
import os
import re
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Mapping
from pathlib import Path

from askmission.errors import SettingsError

SHORTEST = 12
"""Shorter passwords, in characters, are refused: CNIL's recommendation of 2022 for one that is all there is."""

NAME = re.compile(r"[^\s:#][^:\x00-\x1f\x7f]{0,63}")

_HASH = re.compile(r"\$scrypt\$ln=(1[0-7]),r=8,p=([1-9])\$([A-Za-z0-9+/]{22}==)\$[A-Za-z0-9+/]{43}=")
_LINE = re.compile(rf"({NAME.pattern}):({_HASH.pattern})")


class Passwords:
    """The names that may come in, and the hashes of their passwords."""

    def __init__(self, hashes: Mapping[str, str]) -> None:
        self._hashes = hashes
        self._nobody = hashed(os.urandom(16).hex())

    @classmethod
    def open(cls, path: Path) -> "Passwords":
        """Read a file; empty lines and those that begin with # say nothing. Raises `SettingsError` if it is no good."""
        try:
            lines = path.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "not UTF-8"
            raise SettingsError(f"ASKMISSION_PASSWORDS={path}: cannot be read ({why}).") from error
        hashes: dict[str, str] = {}
        for number, line in enumerate(lines, 1):
            if not line.strip() or line.startswith("#"):
                continue
            found = _LINE.fullmatch(line.strip())
            if not found or found[1] in hashes:
                wrong = "the name is there twice" if found else "not a line that 'askmission password NAME' prints"
                raise SettingsError(f"{path}:{number}: {wrong}.")
            hashes[found[1]] = found[2]
        if not hashes:
            raise SettingsError(f"{path}: no name in it. Add lines with 'askmission password NAME >> {path}'.")
        return cls(hashes)

    def know(self, name: str, password: str) -> bool:
        """Tell whether the password is that name's; it takes as long for a name that is not there."""
        kept = self._hashes.get(name, self._nobody)
        costs = _HASH.fullmatch(kept)
        assert costs  # `open` saw to it
        again = hashed(password, b64decode(costs[3]), int(costs[1]), int(costs[2]))
        return hmac.compare_digest(again, kept) and name in self._hashes


def line(name: str, password: str) -> str:
    """Return the line of the file for a name. Raises `SettingsError` if the name or the password will not do."""
    if not NAME.fullmatch(name):
        raise SettingsError("The name must have 1 to 64 characters, no colon, and not begin with # or a space.")
    if len(password) < SHORTEST:
        raise SettingsError(f"The password must have at least {SHORTEST} characters.")
    return f"{name}:{hashed(password)}"


def hashed(password: str, salt: bytes = b"", ln: int = 14, p: int = 5) -> str:
    """Return the hash of a password with all that is needed to make it again, as in the PHC string format."""
    salt = salt or os.urandom(16)
    text = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    key = hashlib.scrypt(text, salt=salt, n=1 << ln, r=8, p=p, maxmem=1 << 28, dklen=32)
    return f"$scrypt$ln={ln},r=8,p={p}${b64encode(salt).decode()}${b64encode(key).decode()}"
