"""Conversation: small talk that needs no report, and questions that lean on the one before.

Both are decided by closed lists of words; text in a question is never an instruction.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from askmission.asking import Kind, kind_of
from askmission.lexical import content_tokens
from askmission.messages import Text
from askmission.names import NameFinder
from askmission.text import fold

HELLO = Text("Hello! Ask me about the study missions: who, when, where, how many, why. I answer with the words of the reports.")
THANKS = Text("You're welcome. Is there anything else you would like to know about the missions?")
WHO = Text(
    "I am AskMission, a program that answers questions about study-mission reports. I quote the reports, I make nothing "
    "up, and I say so when they don't tell."
)
BYE = Text("Goodbye, and thank you for your visit.")

_SMALL_TALK = {
    HELLO: (
        r"bonjour|bonsoir|salut|coucou|bonjour a tous",
        r"hello|hi|hey|good (?:morning|afternoon|evening)|greetings|hello there|hi there",
        r"안녕|안녕하세요|안녕하십니까|반갑습니다|반가워요|여보세요",
    ),
    THANKS: (
        r"merci(?: beaucoup| bien)?|merci pour (?:tout|votre aide|ta reponse|cette reponse)|je vous remercie",
        r"thanks?(?: you)?(?: very much| so much| a lot)?|thank you(?: very much| so much)?|many thanks|thx|cheers",
        r"감사합니다|고맙습니다|감사해요|고마워요|고마워|감사|땡큐|정말 감사합니다|대단히 감사합니다",
    ),
    WHO: (
        r"qui (?:es tu|etes vous)|tu es qui|vous etes qui|que (?:sais tu|savez vous|peux tu|pouvez vous) faire|a quoi (?:tu )?sers"
        r"(?: tu)?|a quoi servez vous|aide|comment (?:ca marche|tu fonctionnes|fonctionnez vous)|(?:es tu|etes vous) (?:un )?"
        r"(?:robot|humain|une machine|une ia)|qu est ce que (?:je peux|vous pouvez|tu peux) (?:te |vous )?(?:demander|faire)|"
        r"que puis je (?:te |vous )?demander|quelles questions (?:puis je|peut on|je peux) (?:vous |te )?poser",
        r"who are you|what are you|what (?:can|do) you do|what can i ask(?: you)?|help(?: me)?|how do(?:es)? (?:you|this|it) work|"
        r"are you (?:a )?(?:robot|human|machine|an ai|bot|real person)|what is this(?: site| page)?|what questions can i ask(?: you)?",
        r"(?:당신은|너는|넌)? ?누구(?:세요|십니까|예요|인가요|야)?|무엇을 할 수 있(?:나요|습니까|어요)|뭘 할 수 있(?:나요|어요)|도움말|도와주세요|"
        r"무엇을 물어(?:볼|봐도) ?(?:수 있나요|되나요|볼 수 있나요)?|(?:사람|로봇|기계|ai)(?:인가요|입니까|이에요|예요)|어떻게 사용하나요|사용법|"
        r"어떤 질문을 (?:할 수 있나요|하면 되나요|해도 되나요)|무슨 질문을 할 수 있나요",
    ),
    BYE: (
        r"au revoir|bonne (?:journee|soiree)|a bientot|adieu",
        r"(?:good)?bye(?: bye)?|see you|have a (?:nice|good) day",
        r"안녕히 계세요|안녕히 가세요|잘 있어요|수고하세요|다음에 봐요",
    ),
}
_LANGUAGES = ("fr", "en", "ko")

_LEANS = {
    "fr": r"^(?:et|mais|alors|sinon|ok|d'accord|oui)\b|\b(?:il|elle|ils|elles|lui|leur|eux|celui|celle|ceux|celles|ca|cela|y|en)\b"
    r"|\b(?:cette|ce|cet|ces) (?:ville|district|personne|region|visite|maire|delegation|lieu|musee|projet|festival|evenement|seance"
    r"|jour|homme|femme|dame|monsieur)|\b(?:premier|premiere|deuxieme|second|seconde|troisieme|dernier|derniere|autres?|suivante?)\b"
    r"|^pourquoi ?$|^comment ?$|^ou ?$|^quand ?$|^qui ?$|^combien ?$|la-bas|\bson\b|\bsa\b|\bses\b|\bleurs\b|plus de details",
    "en": r"^(?:and|but|so|what about|how about|ok|then|yes)\b|\b(?:he|she|they|them|him|her|his|hers|their|it|its|there|that one"
    r"|those|these|the other|others)\b|\b(?:this|that|these|those) (?:city|town|district|person|region|visit|mayor|delegation|place"
    r"|museum|project|festival|event|day|man|woman)|\bthe (?:first|second|third|last|next) one\b|^why ?$|^how ?$|^where ?$|^when ?$"
    r"|^who ?$|^how many ?$|more details",
    "ko": r"^(?:그럼|그러면|그리고|그런데|근데|그렇다면|또|네|아)(?: |,|$)|그 ?(?:도시|시|구|사람|분|지역|방문|시장|대표단|곳|박물관|사업|축제|행사|날|때)"
    r"|그곳|거기|그것|그건|그게|그는|그녀|그들|이것|이건|저것|(?:첫|두|세) ?번째|둘째|셋째|마지막|나머지|다른 (?:곳|것|사람|도시)|^왜요?$|^어떻게요?$"
    r"|^어디(?:요|서요|인가요)?$|^언제(?:요|인가요)?$|^누구(?:요|인가요)?$|^몇 명(?:이요|인가요)?$|에는요|은요$|는요$|도요$|더 자세히",
}
_YEAR = re.compile(r"\b(?:19|20)\d\d(?!\d)")
FEW = 2
"""A question with at most this many terms of its own may lean on the one before."""


@dataclass(frozen=True)
class Turn:
    """One message of a conversation."""

    role: Literal["user", "assistant"]
    content: str


def small_talk(question: str) -> tuple[Text, str] | None:
    """Return what to say to a greeting, thanks or a question about the program, and its language; else None."""
    plain = re.sub(r"[^\w가-힣]+", " ", fold(question)).strip()
    bare = re.sub(r"\b(?:askmission|s il (?:vous|te) plait|please|svp|tout le monde|everyone)\b", "", plain).strip()
    for text, patterns in _SMALL_TALK.items():
        for language, pattern in zip(_LANGUAGES, patterns, strict=True):
            if bare and re.fullmatch(pattern, bare):
                return text, language
    greeting = re.match("|".join(f"(?:{pattern})(?= |$)" for pattern in _SMALL_TALK[HELLO]), bare)
    return small_talk(bare[greeting.end() :]) if greeting else None


def standalone(question: str, language: str, history: Sequence[Turn], finder: NameFinder) -> str:
    """Return `question` so that it can be understood alone, with what it leans on of the user's question before.

    A name or a year of the new question takes the place of that of the old one; a new kind of question takes the place
    of the old one's.
    """
    asked = [turn.content for turn in history if turn.role == "user" and small_talk(turn.content) is None]
    if not asked or not leans(question, language, finder):
        return question
    before = standalone(asked[-1], language, [Turn("user", text) for text in asked[:-1]][-2:], finder)
    return merge(before, question, language, finder)


def leans(question: str, language: str, finder: NameFinder) -> bool:
    """Return whether `question` needs the one before to be understood."""
    folded = re.sub(r"[?!.…]+$", "", fold(question)).strip()
    if re.search(_LEANS[language], folded):
        return len(content_tokens(question, language)) <= 4 * FEW or not finder.find(question)
    return not finder.find(question) and len(set(content_tokens(question, language))) <= FEW


def merge(before: str, question: str, language: str, finder: NameFinder) -> str:
    """Return the question before with what the new one puts in its place."""
    old, new = finder.find(before), finder.find(question)
    kinds = {finder.names[found.number].kind for found in new}
    for found in reversed(old):
        if finder.names[found.number].kind in kinds:
            before = before[: found.start] + before[found.end :]
    if _YEAR.search(question):
        before = _YEAR.sub("", before)
    if kind_of(question, language) is not Kind.OTHER:
        before = " ".join(word for word in before.split() if content_tokens(word, language))
    return f"{question} {before}".strip()
