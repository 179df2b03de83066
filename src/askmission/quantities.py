"""Quantities: the numbers of a text as values, however a language writes them: 4,3 M, 4.3 million and 430만 are one."""

import re

_UNITS = {
    "백": 1e2, "천": 1e3, "만": 1e4, "백만": 1e6, "천만": 1e7, "억": 1e8, "백억": 1e10, "천억": 1e11, "조": 1e12,
    "million": 1e6, "millions": 1e6, "mn": 1e6, "m": 1e6,
    "billion": 1e9, "bn": 1e9, "milliard": 1e9, "milliards": 1e9, "md": 1e9,
    "thousand": 1e3, "mille": 1e3,
}  # fmt: skip
_WORDS = "|".join(sorted((word for word in _UNITS if word.isascii()), key=len, reverse=True))
_SPACES = " \u00a0\u202f"
_QUANTITY = re.compile(
    rf"(?P<digits>\d{{1,3}}(?:[{_SPACES}]\d{{3}})+(?!\d)|\d+(?:[.,]\d+)*)"
    rf"(?:\+?[{_SPACES}]?(?P<unit>[백천]?[만억]|[백천조]|(?:{_WORDS})d?(?![^\W€])))?",
    re.IGNORECASE,
)


def quantities(text: str) -> set[float]:
    """Return the values of the numbers in `text`, without zeros: the minutes of a full hour say nothing."""
    values: list[float] = []
    before: tuple[int, float] | None = None
    for match in _QUANTITY.finditer(text):
        value = _plain(match["digits"])
        unit = _UNITS.get((match["unit"] or "").lower(), 1.0)
        follows = before is not None and not text[before[0] : match.start()].strip() and unit < before[1]
        if follows and values:  # 51만 1,000 is one number
            values[-1] += value * unit
        else:
            values.append(value * unit)
        before = (match.end(), unit) if unit >= 1e4 and match["unit"][-1] in "만억조" else None
    return {round(value, 6) for value in values if value}


def _plain(digits: str) -> float:
    """Return a run of digits as a value; a mark before exactly three digits parts thousands, else decimals."""
    digits = re.sub(rf"[{_SPACES}]", "", digits)
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", digits):
        return float(re.sub(r"[.,]", "", digits))
    parts = re.split(r"[.,]", digits)
    return float(f"{parts[0]}.{''.join(parts[1:]) or 0}")
