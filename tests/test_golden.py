"""The golden files: what is read of them, and what is said of one that cannot be used."""

from pathlib import Path

import pytest

from askmission.errors import CorpusError
from askmission.golden import ANSWERABLE, Fact, open_golden, stands_in, words
from askmission.missions import open_corpus
from askmission.reading import read_report
from askmission.scoring import has_fact
from askmission.text import LANGUAGES
from askmission.translations import open_translations
from askmission.views import View, views_of
from conftest import CORPUS

GOOD = """
[[questions]]
id = "penguins"
kind = "number"
split = "dev"
fr = "Combien de manchots ?"
en = "How many penguins?"
ko = "펭귄이 몇 마리?"
facts = [ { any = ["640"] } ]
evidence = ["It counts 640 birds"]
"""
BUSAN = """
[[questions]]
id = "busan"
kind = "false-premise"
split = "test"
fr = "Pourquoi Busan ?"
en = "Why Busan?"
ko = "왜 부산?"
facts = []
evidence = []
corrects = [["no such words", "The quay was closed to cars in 1998."]]
"""


def written(corpus: Path, text: str, mission: str = "2022-10-tallow") -> Path:
    path = corpus / mission / "questions.toml"
    path.write_text(text, "utf-8")
    return path


def test_questions_know_their_mission(tiny_corpus: Path) -> None:
    written(tiny_corpus, GOOD)
    hello = GOOD.replace("penguins", "hello").replace("number", "greeting")
    written(tiny_corpus, hello.replace('[ { any = ["640"] } ]', "[]").replace('["It counts 640 birds"]', "[]"), ".")
    found = open_golden(tiny_corpus)
    assert [(each.mission, each.question.id) for each in found] == [("2022-10-tallow", "penguins"), (None, "hello")]
    assert found[0].question.in_language("ko") == "펭귄이 몇 마리?"
    assert found[0].question.evidence == (("It counts 640 birds",),)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("640 birds", "641 birds"), "penguins: the report does not say “It counts 641 birds”"),
        (('split = "dev"', 'splitt = "dev"'), "penguins: "),
        (('kind = "number"', 'kind = "riddle"'), "penguins: kind: "),
        (('kind = "number"', 'kind = "unanswerable"'), "a question of kind 'unanswerable' has no facts"),
        (('kind = "number"', 'kind = "follow-up"'), "a question of kind 'follow-up' needs history"),
        (('any = ["640"]', 'fr = ["640"]'), "has no spelling for en, ko"),
        (("facts =", 'history = [{role = "user", content = "Hi"}]\nfacts ='), "penguins: history.0.content"),
        (('ko = "펭귄이 몇 마리?"', 'ko = " "'), "penguins: ko: "),
        (('id = "penguins"', ""), "question 1: id: "),
        (("[[questions]]", "[[question]]"), "question: unknown"),
        (("[[questions]]", "[[questions]"), "not TOML"),
    ],
)
def test_a_question_that_cannot_be_used_is_named_in_one_line(
    tiny_corpus: Path, change: tuple[str, str], said: str
) -> None:
    path = written(tiny_corpus, GOOD.replace(*change))
    with pytest.raises(CorpusError) as raised:
        open_golden(tiny_corpus)
    message = str(raised.value)
    assert message.startswith(f"{path}: ")
    assert said in message
    assert "\n" not in message


def test_every_alternative_must_be_in_the_report(tiny_corpus: Path) -> None:
    written(tiny_corpus, BUSAN)
    with pytest.raises(CorpusError, match="busan: the report does not say “no such words”"):
        open_golden(tiny_corpus)
    written(tiny_corpus, BUSAN.replace('"no such words", ', ""))
    assert open_golden(tiny_corpus)[0].question.corrects == (("The quay was closed to cars in 1998.",),)


def test_an_id_used_twice_is_refused(tiny_corpus: Path) -> None:
    written(tiny_corpus, GOOD)
    other = written(tiny_corpus, GOOD, ".")
    with pytest.raises(CorpusError, match=f"{other}: penguins: this id is already in"):
        open_golden(tiny_corpus)


def test_no_question_at_all_is_said(tiny_corpus: Path) -> None:
    with pytest.raises(CorpusError, match="no golden questions"):
        open_golden(tiny_corpus)


def test_marks_accents_and_spacing_do_not_count() -> None:
    assert stands_in("l’Été  à Séoul", words("C'est *l'été* à Seoul, enfin."))
    assert not stands_in("9 visiteurs", words("2009 visiteurs"))


def test_a_fact_has_spellings_of_its_own_in_each_language() -> None:
    fact = Fact(any=("640",), ko=("육백사십",))
    assert fact.spellings("fr") == ("640",)
    assert fact.spellings("ko") == ("640", "육백사십")


def test_the_golden_sets_of_the_corpus_are_sound_and_large_enough() -> None:
    questions = [each.question for each in open_golden(CORPUS)]
    assert len(questions) >= 100
    assert sum(question.kind in {"unanswerable", "false-premise"} for question in questions) >= len(questions) / 4
    for split in ("dev", "test"):
        assert {question.kind for question in questions if question.split == split} > ANSWERABLE
    assert {each.mission for each in open_golden(CORPUS)} >= {folder.mission.id for folder in open_corpus(CORPUS)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_to_be_cited_say_every_fact_in_each_language(language: str) -> None:
    views: list[tuple[str, View]] = []
    for folder in open_corpus(CORPUS):
        translations = open_translations(folder).values()
        for passage in read_report(folder):
            said = views_of(passage, translations)
            views.append(
                (words(" ".join(unit.text for unit in passage.units)), said.get(language) or said[passage.language])
            )
    for question in (each.question for each in open_golden(CORPUS) if each.question.kind in ANSWERABLE):
        cited = [text for entry in question.evidence for text in entry]
        shown = " | ".join(view.named for report, view in views if any(stands_in(text, report) for text in cited))
        for fact in question.facts:
            assert has_fact(shown, fact.spellings(language)), (question.id, fact)
