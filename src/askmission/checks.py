"""Checks of the corpus for any mission: the report against its source, its translations against the report.

Each problem is one line that names a file and, where there is one, a line.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from askmission.fidelity import differences
from askmission.language import language_of
from askmission.missions import MissionFolder, open_corpus
from askmission.names import NameFinder, open_names
from askmission.quantities import lacking
from askmission.reading import read_report
from askmission.text import HANGUL, LANGUAGES, fold
from askmission.translations import messages, read_catalog, template


@dataclass(frozen=True)
class Share:
    """How far the translation of a mission into a language has come; `of` is the number of entries."""

    mission: str
    language: str
    translated: int
    fuzzy: int
    of: int

    def __str__(self) -> str:
        """Return the share as one line for the keeper of the corpus."""
        reviewed = self.translated - self.fuzzy
        return f"{self.mission}/{self.language}.po: {reviewed} of {self.of} reviewed, {self.fuzzy} drafts"


@dataclass(frozen=True)
class Checked:
    """What the checks found: problems to mend, and how far each translation has come."""

    problems: tuple[str, ...]
    shares: tuple[Share, ...]


def check_corpus(corpus: Path) -> Checked:
    """Check all missions of a corpus. Raises `CorpusError` if the corpus cannot be used at all."""
    problems: list[str] = []
    shares: list[Share] = []
    finder = NameFinder(open_names(corpus))
    for folder in open_corpus(corpus):
        passages = read_report(folder)
        problems += [str(difference) for difference in differences(folder, passages)]
        for language in LANGUAGES:
            wanted = {(m.context or "", str(m.id)) for m in messages(template(passages, language, folder.report))}
            if wanted:
                share, found = _check_translation(folder, language, wanted, finder)
                shares.append(share)
                problems += found
    return Checked(tuple(problems), tuple(shares))


def _check_translation(
    folder: MissionFolder, language: str, wanted: set[tuple[str, str]], finder: NameFinder
) -> tuple[Share, list[str]]:
    path = folder.folder / f"{language}.po"
    if not path.exists():
        problem = f"{path}: missing; {len(wanted)} texts to translate. Run 'askmission translate --extract'."
        return Share(folder.mission.id, language, 0, 0, len(wanted)), [problem]
    problems = []
    done = fuzzy = 0
    seen = set()
    for message in messages(read_catalog(path, language)):
        source, target = str(message.id), str(message.string or "")
        key = (message.context or "", source)
        if key not in wanted:
            continue
        seen.add(key)
        if target:
            done, fuzzy = done + 1, fuzzy + bool(message.fuzzy)
            problems += [f"{path}:{message.lineno}: {flaw}" for flaw in _flaws(source, target, language, finder)]
        else:
            problems.append(f"{path}:{message.lineno}: not translated: '{source[:60]}'")
    problems += [f"{path}: no entry for '{text[:60]}'" for _, text in sorted(wanted - seen)]
    return Share(folder.mission.id, language, done, fuzzy, len(wanted)), problems


def _flaws(source: str, target: str, language: str, finder: NameFinder) -> Iterator[str]:
    """Yield what a translation lacks of its source."""
    numbers = lacking(source, target, language)
    if numbers:
        yield f"numbers lacking in the translation: {', '.join(f'{value:g}' for value in sorted(numbers))}"
    folded = fold(target)
    names = {
        number
        for number in set(finder.numbers([source])) - set(finder.numbers([target]))
        if not any(fold(form) in folded for form in finder.names[number].forms(language))
    }
    if names:
        usual = ", ".join(finder.names[number].forms(language)[0] for number in sorted(names))
        yield f"names lacking in the translation: {usual}"
    if _untranslated(source, target, language, finder):
        yield f"left as it was: '{source[:60]}'"


def _untranslated(source: str, target: str, language: str, finder: NameFinder) -> bool:
    """Return whether a translation is its source though that has words of another language."""
    for found in reversed(finder.find(source)):
        name = source[found.start : found.end]
        source, target = source.replace(name, ""), target.replace(name, "")
    if language == "ko" and HANGUL.search(target):
        return False
    return source == target and language_of(source) not in {language, None}
