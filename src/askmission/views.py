"""Views: each passage in every language that it can be read in, the original first."""

from collections.abc import Iterable
from dataclasses import dataclass

from askmission.reading import Passage
from askmission.translations import SPEAKER, Translations


@dataclass(frozen=True)
class View:
    """A passage in one language. `units` are aligned with the passage's; one without translation stays original.

    `translated` tells which units are in the view's language; `draft` whether any of them is unreviewed.
    """

    language: str
    trail: tuple[str, ...]
    speaker: str | None
    context: tuple[str, ...]
    units: tuple[str, ...]
    translated: tuple[bool, ...]
    draft: bool = False
    titled: bool = True

    @property
    def text(self) -> str:
        """The words of the passage, its units joined by a space."""
        return " ".join(self.units)

    @property
    def within_row(self) -> str:
        """The words of the passage after what its row leans on: column names, the hour of the row it continues."""
        return " | ".join([*self.context, self.text])

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings above the passage, but for what the whole report stands under."""
        return self.trail[1:] if self.titled else self.trail

    @property
    def heading(self) -> str:
        """What the passage stands under: the nearest heading other than its own, and what its row leans on."""
        near = [title for title in self.headings if title != self.units[0]][-1:]
        return ". ".join([*near, *self.context])

    @property
    def surroundings(self) -> str:
        """All that a reader knows of the passage: every heading below the title, who speaks, what it leans on."""
        return " | ".join([*self.headings, self.speaker or "", *self.context])

    @property
    def named(self) -> str:
        """Where names are looked for: the passage and its surroundings."""
        return f"{self.surroundings} | {self.text}"


def views_of(passage: Passage, translations: Iterable[Translations]) -> dict[str, View]:
    """Return the views of a passage by language, the original first. A language with no word of it has no view."""
    views = {
        passage.language: View(
            language=passage.language,
            trail=passage.trail,
            speaker=passage.speaker,
            context=passage.context,
            units=tuple(unit.text for unit in passage.units),
            translated=(True,) * len(passage.units),
            titled=passage.titled,
        )
    }
    for translation in translations:
        if translation.language == passage.language:
            continue
        found = [translation.of(unit.text, passage.trail) for unit in passage.units]
        if not any(found):
            continue
        speaker = translation.of(passage.speaker, (SPEAKER,)) if passage.speaker else None
        views[translation.language] = View(
            language=translation.language,
            trail=tuple(_text(translation, title) for title in passage.trail),
            speaker=speaker[0] if speaker else passage.speaker,
            context=tuple(_text(translation, text) for text in passage.context),
            units=tuple(pair[0] if pair else unit.text for pair, unit in zip(found, passage.units, strict=True)),
            translated=tuple(pair is not None for pair in found),
            draft=any(pair[1] for pair in found if pair),
            titled=passage.titled,
        )
    return views


def _text(translation: Translations, text: str) -> str:
    found = translation.of(text)
    return found[0] if found else text
