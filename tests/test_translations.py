"""The PO files of a mission: nothing a translator did is ever lost, and drafts are shown as drafts."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from askmission.errors import CorpusError
from askmission.missions import MissionFolder, open_corpus
from askmission.reading import Passage, read_report
from askmission.translations import extract, messages, open_translations, read_catalog, write_catalog
from askmission.views import View, views_of
from conftest import ENGLISH, KOREAN

BUILT = "브레발의 등대는 1847년에 세워졌습니다."
THANKS = "저희를 따뜻하게 맞아 주셔서 고맙습니다."
TWINNED = "해담시는 2011년부터 브레발과 자매결연을 맺고 있습니다."


def po(folder: MissionFolder, language: str = "fr") -> Catalog:
    return read_catalog(folder.folder / f"{language}.po", language)


def entry(catalog: Catalog, text: str) -> Message:
    return next(message for message in messages(catalog) if message.id == text)


def changed(folder: MissionFolder, old: str, new: str) -> MissionFolder:
    """Change the report of a mission and read it again."""
    path = folder.folder / "report.md"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return next(item for item in open_corpus(folder.folder.parent) if item.mission.id == folder.mission.id)


def view(folder: MissionFolder, text: str, language: str = "fr") -> View:
    passage = next(p for p in read_report(folder) if any(unit.text == text for unit in p.units))
    return views_of(passage, open_translations(folder).values())[language]


def test_a_file_written_and_read_again_says_the_same(mission: MissionFolder) -> None:
    path = mission.folder / "fr.po"
    before = path.read_bytes()
    write_catalog(path, po(mission))
    assert path.read_bytes() == before
    assert list(mission.folder.glob("*.new")) == []


def test_difficult_words_survive_the_file(tmp_path: Path) -> None:
    catalog = Catalog(locale="ko")
    texts = {'say "hi" \\ back': '따옴표 "와" \\', "tab\tand 😀": "é\u202f!", "# no comment": "100 % {x} %s"}
    for text, said in texts.items():
        catalog.add(text, said, context="a › b")
    write_catalog(tmp_path / "ko.po", catalog)
    read = read_catalog(tmp_path / "ko.po", "ko")
    assert {str(m.id): str(m.string) for m in messages(read)} == texts


def test_every_unit_has_its_view_in_each_language(mission: MissionFolder) -> None:
    passages = read_report(mission)
    for passage in passages:
        views = views_of(passage, open_translations(mission).values())
        assert next(iter(views)) == "ko"
        assert set(views) == {"fr", "en", "ko"}
        assert all(all(each.translated) and len(each.units) == len(passage.units) for each in views.values())


def test_a_speech_has_its_speaker_and_its_headings_in_the_views_language(mission: MissionFolder) -> None:
    shown = view(mission, BUILT)
    assert shown.speaker == "Odile MARCHAND, maire de Bréval"
    assert shown.trail[-1] == "2. Odile MARCHAND, maire de Bréval"


def test_a_row_leans_on_its_columns_in_the_views_language(mission: MissionFolder) -> None:
    assert view(mission, "등대지기 기록 보관소 견학").context == (
        "Mercredi 10 mai", "Lieu", "Activité", "09h00 - 11h00", "Musée du phare",
    )  # fmt: skip


def test_a_report_without_translations_is_read_in_its_own_language(tiny_corpus: Path) -> None:
    folder = next(item for item in open_corpus(tiny_corpus) if item.mission.id == ENGLISH)
    assert open_translations(folder) == {}
    assert all(list(views_of(passage, ())) == ["en"] for passage in read_report(folder))


def test_a_unit_without_translation_stays_in_the_original(mission: MissionFolder) -> None:
    catalog = po(mission)
    entry(catalog, BUILT).string = ""
    write_catalog(mission.folder / "fr.po", catalog)
    shown = view(mission, BUILT)
    assert shown.units[0] == BUILT
    assert shown.translated == (False, True)


# Drafts


def test_an_entry_that_nobody_reviewed_is_shown_as_a_draft(mission: MissionFolder) -> None:
    assert view(mission, "2024년에는 브레발 대표단이 해담시를 방문할 예정이다.").draft
    assert not view(mission, BUILT).draft
    assert view(mission, BUILT, "ko").draft is False


# Broken files


@pytest.mark.parametrize(
    "broken",
    [
        'msgid "one"\nmsgstr "un"\n\nmsgid "two\nmsgstr "deux"\n',
        'msgid "one"\nmsgstr "un"\n\nmsgid "two"\nmsgstr "de"ux"\nx\n',
        "<html>\n",
    ],
)
def test_a_broken_file_is_one_line_with_file_and_line(mission: MissionFolder, broken: str) -> None:
    path = mission.folder / "fr.po"
    path.write_text(broken, "utf-8")
    with pytest.raises(CorpusError, match="Poedit") as caught:
        open_translations(mission)
    assert f"{path}:" in str(caught.value)
    assert str(caught.value).split(f"{path}:")[1][0].isdigit()
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_utf8_is_one_line(mission: MissionFolder) -> None:
    path = mission.folder / "fr.po"
    path.write_bytes(path.read_bytes() + 'msgid "x"\nmsgstr "été"\n'.encode("latin-1"))
    with pytest.raises(CorpusError, match=r"fr\.po: not UTF-8"):
        open_translations(mission)


# Files of other tools


@pytest.mark.parametrize("charset", ["CHARSET", "EUC-KR", "ISO-8859-1"])
def test_a_file_says_the_same_whatever_charset_its_header_names(mission: MissionFolder, charset: str) -> None:
    path = mission.folder / "fr.po"
    before = path.read_text("utf-8")
    assert "charset=utf-8" in before
    path.write_text(before.replace("charset=utf-8", f"charset={charset}"), "utf-8")
    write_catalog(path, po(mission))
    assert path.read_text("utf-8") == before


def test_a_percentage_is_not_taken_for_a_programs_format(mission: MissionFolder) -> None:
    catalog = po(mission)
    catalog.add("80 % de 3 {a}", "80 % of 3 {a}")
    write_catalog(mission.folder / "fr.po", catalog)
    assert "-format" not in (mission.folder / "fr.po").read_text("utf-8")
    assert po(mission).get("80 % de 3 {a}").string == "80 % of 3 {a}"


# Bringing the files up to date


def extracted(folder: MissionFolder) -> list[Path]:
    return extract(folder, read_report(folder))


def test_an_unchanged_report_leaves_every_translation_as_it_is(mission: MissionFolder) -> None:
    before = {(m.context, m.id): (m.string, m.fuzzy) for m in messages(po(mission))}
    assert {path.name for path in extracted(mission)} == {"fr.po", "en.po"}
    assert {(m.context, m.id): (m.string, m.fuzzy) for m in messages(po(mission))} == before


def test_doing_it_twice_changes_nothing_more(mission: MissionFolder) -> None:
    extracted(mission)
    before = (mission.folder / "fr.po").read_bytes()
    extracted(mission)
    assert (mission.folder / "fr.po").read_bytes() == before


def test_a_translation_whose_original_changed_a_little_becomes_a_draft(mission: MissionFolder) -> None:
    new = BUILT.replace("1847", "1848")
    folder = changed(mission, BUILT, new)
    extracted(folder)
    moved = entry(po(folder), new)
    assert moved.fuzzy
    assert moved.string == "Le phare de Bréval a été construit en 1847."
    assert view(folder, new).draft
    assert not entry(po(folder), TWINNED).fuzzy


def test_a_new_sentence_waits_for_its_translation(mission: MissionFolder) -> None:
    folder = changed(mission, BUILT, f"{BUILT} 갈매기 사진전도 함께 열렸다!")
    extracted(folder)
    assert entry(po(folder), "갈매기 사진전도 함께 열렸다!").string in ("", None)
    assert entry(po(folder), BUILT).string == "Le phare de Bréval a été construit en 1847."


def test_a_translation_whose_original_is_gone_is_kept_as_obsolete(mission: MissionFolder) -> None:
    folder = changed(mission, f"{THANKS}\n", "")
    extracted(folder)
    catalog = po(folder)
    assert THANKS not in {message.id for message in messages(catalog)}
    assert any(message.string == "Merci de votre accueil chaleureux." for message in catalog.obsolete.values())


def test_an_obsolete_translation_survives_the_next_time(mission: MissionFolder) -> None:
    folder = changed(mission, f"{THANKS}\n", "")
    extracted(folder)
    extracted(folder)
    assert any(message.string == "Merci de votre accueil chaleureux." for message in po(folder).obsolete.values())


def test_an_obsolete_translation_comes_back_with_its_sentence(mission: MissionFolder) -> None:
    catalog = po(mission)
    entry(catalog, THANKS).user_comments.append("as the mayor said it")
    write_catalog(mission.folder / "fr.po", catalog)
    folder = changed(mission, f"{THANKS}\n", "")
    extracted(folder)
    folder = changed(folder, "교환합니다.\n", f"교환합니다.\n\n{THANKS}\n")
    extracted(folder)
    assert entry(po(folder), THANKS).string == "Merci de votre accueil chaleureux."
    assert entry(po(folder), THANKS).user_comments == ["as the mayor said it"]


def test_a_sentence_that_moved_below_another_heading_keeps_its_translation(mission: MissionFolder) -> None:
    folder = changed(mission, "## 개요", "## 방문 개요")
    assert view(folder, "대표단은 모두 일곱 명으로 구성되었다.").units[1] == "La délégation comptait sept personnes."
    extracted(folder)
    assert entry(po(folder), "대표단은 모두 일곱 명으로 구성되었다.").string == "La délégation comptait sept personnes."


def test_entries_stand_in_the_reports_order(mission: MissionFolder) -> None:
    extracted(mission)
    passages: list[Passage] = read_report(mission)
    order = list(dict.fromkeys(unit.text for passage in passages for unit in passage.units))
    listed = list(dict.fromkeys(str(m.id) for m in messages(po(mission)) if m.context != "speaker"))
    assert listed == order


def test_a_mission_without_files_gets_them(tiny_corpus: Path) -> None:
    folder = next(item for item in open_corpus(tiny_corpus) if item.mission.id == ENGLISH)
    assert {path.name for path in extracted(folder)} == {"fr.po", "ko.po"}
    assert entry(po(folder, "ko"), "Nobody feeds them.").string in ("", None)
    assert open_translations(folder)["ko"].of("Nobody feeds them.") is None


def test_a_full_disk_leaves_the_file_whole(mission: MissionFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    path = mission.folder / "fr.po"
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    catalog = po(mission)
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(CorpusError, match=r"fr\.po: cannot be written"):
        write_catalog(path, catalog)
    assert path.read_bytes() == before
    assert list(mission.folder.glob("*.new")) == []


def test_the_korean_mission_is_translated_from_korean(mission: MissionFolder) -> None:
    assert mission.mission.id == KOREAN
    assert not (mission.folder / "ko.po").exists()
    first = read_report(mission)[0]
    other = replace(first, language="fr")
    assert next(iter(views_of(other, ()))) == "fr"
