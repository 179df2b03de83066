"""The lexical index: the same word in another form is found, and words that only ask count nothing."""

from pathlib import Path

import numpy as np
import pytest

from askmission.lexical import LexicalIndex, content_tokens, content_words, is_stop_word, tokens, without_courtesy

TEXTS = ["Le phare a été construit en 1847.", "Les huîtres poussent dans la baie.", "La baie a deux phares et un port."]


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("fr", "musées", "musée"),
        ("fr", "JUMELÉE", "jumelee"),
        ("fr", "œuvre", "oeuvres"),
        ("en", "visitors", "visitor"),
        ("en", "Exchanges", "exchange"),
        ("ko", "세종시는", "세종시"),
        ("ko", "등대를", "등대에서"),
        ("ko", "박물관은", "박물관과의"),
    ],
)
def test_forms_of_a_word_meet(language: str, one: str, other: str) -> None:
    assert set(tokens(one, language)) & set(tokens(other, language))


def test_numbers_and_names_in_latin_letters_are_terms_in_korean_too() -> None:
    assert {"topis", "2024"} <= set(tokens("TOPIS가 2024년에", "ko"))


def test_hangul_from_a_mac_gives_the_same_terms() -> None:
    assert tokens("\u1109\u116e\u11ab\u110e\u1165\u11ab", "ko") == tokens("순천", "ko")


@pytest.mark.parametrize(
    ("language", "question", "left"),
    [
        ("fr", "Quand est-ce que le phare a été construit ?", {"phar", "constru"}),
        ("en", "When was the lighthouse built?", {"lighthous", "built"}),
        ("ko", "등대는 언제 세워졌나요?", {"등대"}),
    ],
)
def test_words_that_only_ask_are_left_out_of_a_question(language: str, question: str, left: set[str]) -> None:
    terms = content_tokens(question, language)
    assert all(any(term.startswith(wanted) for term in terms) for wanted in left)
    assert not any(is_stop_word(term, language) for term in terms)


@pytest.mark.parametrize(("language", "question"), [("fr", "Quand ?"), ("en", "Who was it?"), ("ko", "언제인가요?")])
def test_a_question_of_asking_words_only_has_no_terms(language: str, question: str) -> None:
    assert content_tokens(question, language) == []


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("fr", "Bonjour, qui est le maire de Tallow ?"),
        ("fr", "Bonsoir, qui est le maire de Tallow ?"),
        ("fr", "Salut, qui est le maire de Tallow ?"),
        ("fr", "salut qui est le maire de Tallow"),
        ("fr", "Bonjour Monsieur, qui est le maire de Tallow ?"),
        ("fr", "Chère Madame, qui est le maire de Tallow ? Bien cordialement"),
        ("fr", "Bonjour à tous ! Qui est le maire de Tallow ? Bonne journée !"),
        ("fr", "Qui est le maire de Tallow, s'il vous plaît ?"),
        ("fr", "Qui est, s’il vous plaît, le maire de Tallow ?"),
        ("fr", "Qui est le maire de Tallow ? Merci d'avance."),
        ("fr", "Qui est le maire de Tallow ? Un grand merci pour votre aide !"),
        ("fr", "Qui est le maire de Tallow ? Je vous remercie par avance."),
        ("fr", "Je voudrais savoir qui est le maire de Tallow."),
        ("fr", "J'aimerais bien savoir qui est le maire de Tallow, merci beaucoup"),
        ("fr", "Je souhaite connaître le nom du maire de Tallow."),
        ("fr", "Pourriez-vous me dire qui est le maire de Tallow ?"),
        ("fr", "Pouvez-vous s'il vous plaît m'indiquer le nom du maire de Tallow ?"),
        ("fr", "Est-ce que vous pourriez me donner le nom du maire de Tallow ?"),
        ("fr", "Savez-vous qui est le maire de Tallow ?"),
        ("fr", "Excusez-moi, sais-tu qui est le maire de Tallow ?"),
        ("fr", "Merci de me préciser qui est le maire de Tallow."),
        ("fr", "Je me demandais qui est le maire de Tallow"),
        ("fr", "Puis-je savoir qui est le maire de Tallow ?"),
        ("fr", "Serait-il possible de connaître le maire de Tallow ?"),
        ("fr", "Bonjour, j'ai une question : qui est le maire de Tallow ?"),
        ("fr", "Quel est le nom du maire de Tallow ?"),
        ("fr", "Comment s'appelle le maire de Tallow ?"),
        ("fr", "Le maire de Tallow s'appelle comment ?"),
        ("en", "Hello, who is the mayor of Tallow?"),
        ("en", "Hi, who is the mayor of Tallow?"),
        ("en", "Hi there! Who is the mayor of Tallow?"),
        ("en", "Good morning, who is the mayor of Tallow?"),
        ("en", "good evening who is the mayor of Tallow"),
        ("en", "Dear Sir or Madam, who is the mayor of Tallow? Kind regards"),
        ("en", "Excuse me, sir, who is the mayor of Tallow?"),
        ("en", "I'd like to know who the mayor of Tallow is."),
        ("en", "I would really like to ask you who the mayor of Tallow is"),
        ("en", "id like to find out who the mayor of Tallow is"),
        ("en", "I was wondering who the mayor of Tallow is."),
        ("en", "I have a question: who is the mayor of Tallow?"),
        ("en", "Could you please tell me who the mayor of Tallow is?"),
        ("en", "Would you mind telling me who the mayor of Tallow is?"),
        ("en", "Do you happen to know who the mayor of Tallow is?"),
        ("en", "Please let me know who the mayor of Tallow is."),
        ("en", "May I ask who the mayor of Tallow is?"),
        ("en", "Who is the mayor of Tallow? Thank you"),
        ("en", "Who is the mayor of Tallow? Thank you very much in advance!"),
        ("en", "who is the mayor of Tallow thanks a lot"),
        ("en", "Who is the mayor of Tallow, if you don't mind?"),
        ("en", "Who is the mayor of Tallow? Many thanks for your kind help."),
        ("en", "Whos the mayor of Tallow?"),
        ("en", "What is the name of the mayor of Tallow?"),
        ("en", "Could you give me the name of the mayor of Tallow?"),
        ("en", "Have a nice day! Who is the mayor of Tallow?"),
        ("ko", "안녕하세요, 탤로 시장은 누구인가요?"),
        ("ko", "안녕하세요 탤로 시장은 누구인가요?"),
        ("ko", "안녕! 탤로 시장은 누구야?"),
        ("ko", "좋은 아침입니다. 탤로 시장은 누구인가요?"),
        ("ko", "탤로 시장은 누구인가요? 감사합니다."),
        ("ko", "탤로 시장은 누구인가요? 미리 감사드립니다!"),
        ("ko", "탤로 시장이 누구인지 좀 알려주실 수 있나요?"),
        ("ko", "탤로 시장이 누구인지 알려 주시면 감사하겠습니다."),
        ("ko", "탤로 시장이 누군지 가르쳐 주시겠어요?"),
        ("ko", "탤로 시장이 누구인지 말씀해 주십시오."),
        ("ko", "탤로 시장이 누구인지 알고 싶어요."),
        ("ko", "탤로 시장이 누구인지 알고 싶은데요, 부탁드립니다"),
        ("ko", "혹시 탤로 시장이 누구인지 궁금합니다."),
        ("ko", "실례지만 탤로 시장이 누군지 아시나요?"),
        ("ko", "저기요, 탤로 시장이 누군지 아세요?"),
        ("ko", "질문 있습니다. 탤로 시장님은 누구신가요?"),
        ("ko", "한 가지 여쭤볼 게 있습니다. 탤로 시장님이 누구세요?"),
        ("ko", "탤로 시장님은 누구시죠?"),
        ("ko", "탤로 시장 이름이 뭐예요?"),
        ("ko", "탤로 시장님 성함이 어떻게 되시나요?"),
        ("ko", "탤로 시장 이름 좀 알려줘"),
        ("ko", "탤로 시장의 이름은?"),
        ("ko", "탤로 시장이 누군가요?"),
        ("ko", "탤로 시장이 누구인지 여쭤봐도 될까요?"),
    ],
)
def test_politeness_is_not_what_a_question_is_about(language: str, question: str) -> None:
    plain = {"fr": "Qui est le maire de Tallow ?", "en": "Who is the mayor of Tallow?", "ko": "탤로 시장은 누구인가요?"}
    assert content_tokens(question, language) == content_tokens(plain[language], language)


@pytest.mark.parametrize(
    ("language", "question", "word"),
    [
        ("fr", "Que signifie le salut des pêcheurs ?", "salut"),
        ("fr", "Où se trouve l'Armée du Salut ?", "salut"),
        ("fr", "Que souhaite la ville de Tallow ?", "souhaite"),
        ("fr", "Qu'est-ce qui plaît aux visiteurs du phare ?", "plait"),
        ("fr", "D'où vient le nom du quartier ?", "nom"),
        ("fr", "Le nom du quartier vient d'où ?", "nom"),
        ("fr", "Quel est le prénom de la fille du maire ?", "prenom"),
        ("fr", "Peut-on donner son sang à Tallow ?", "donner"),
        ("fr", "Qui demande pardon aux pêcheurs ?", "pardon"),
        ("en", "What do visitors like about the lighthouse?", "like"),
        ("en", "Whom did Ana Corvin want to thank?", "thank"),
        ("en", "When did the museum change its name?", "name"),
        ("en", "What makes a good day trip?", "good"),
        ("en", "Help for citizens?", "help"),
        ("ko", "마을 이름은 왜 바뀌었나요?", "이름은"),
        ("ko", "탤로는 언제 감사를 받았나요?", "감사를"),
        ("ko", "누가 규칙을 가르쳐 주었나요?", "가르쳐"),
        ("ko", "학생들은 무엇을 배우고 싶어 하나요?", "싶어"),
    ],
)
def test_the_same_words_are_kept_where_a_question_is_about_them(language: str, question: str, word: str) -> None:
    assert word in content_words(question, language)


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("Bonjour Mme Corvin, où est l’Œuvre d’Élise ? Merci !", "Mme Corvin, où est l’Œuvre d’Élise ?"),
        ("Merci d'avance !", "Merci d'avance !"),
        ("Où est le phare ?", "Où est le phare ?"),
    ],
)
def test_a_question_without_its_polite_words_is_written_as_it_was(question: str, left: str) -> None:
    assert without_courtesy(question, "fr") == left


def test_the_passage_with_the_words_is_first() -> None:
    index = LexicalIndex.build(TEXTS, [3, 5, 8], "fr")
    scores = index.scores(content_tokens("Quand fut construit le phare ?", "fr"))
    assert index.rows[int(np.argmax(scores))] == 3
    assert scores[1] == 0


def test_words_that_stand_nowhere_score_nothing() -> None:
    index = LexicalIndex.build(TEXTS, [0, 1, 2], "fr")
    assert not index.scores(["zeppelin"]).any()
    assert not index.scores([]).any()
    assert not index.knows("zeppelin")


def test_a_rarer_word_tells_more() -> None:
    index = LexicalIndex.build(TEXTS, [0, 1, 2], "fr")
    (bay,), (oysters,) = tokens("baie", "fr"), tokens("huîtres", "fr")
    assert 0 < index.weight(bay) < index.weight(oysters) < index.weight("zeppelin") <= 1


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    index = LexicalIndex.build(TEXTS, [0, 1, 2], "fr")
    index.save(tmp_path / "fr")
    terms = tokens("deux phares", "fr")
    assert (LexicalIndex.load(tmp_path / "fr").scores(terms) == index.scores(terms)).all()


@pytest.mark.parametrize("texts", [[], ["", "…"]])
def test_a_language_without_a_word_has_an_empty_index(tmp_path: Path, texts: list[str]) -> None:
    index = LexicalIndex.build(texts, range(len(texts)), "ko")
    index.save(tmp_path / "ko")
    loaded = LexicalIndex.load(tmp_path / "ko")
    assert len(loaded.scores(["등대"])) == 0
    assert not loaded.knows("등대")
