"""Checks of the corpus for any mission: the report against its source, its translations, its names.

Each problem is one line that names a file and, where there is one, a line.
"""

from pathlib import Path

from askmission.fidelity import differences
from askmission.missions import open_corpus
from askmission.reading import read_report


def check_corpus(corpus: Path) -> list[str]:
    """Return what is wrong with a corpus, in its order; nothing if all is well. Raises `CorpusError` if it is unusable."""
    problems = []
    for folder in open_corpus(corpus):
        problems += [str(difference) for difference in differences(folder, read_report(folder))]
    return problems
