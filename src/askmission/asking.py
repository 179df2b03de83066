"""What a question asks for (a time, an amount, a person, a list …), and whether a text has such a thing.

Closed classes of words only; what the question is about is retrieval's affair.
"""

import re
from enum import StrEnum
from functools import cache

from babel.dates import get_day_names, get_month_names

from askmission.text import LANGUAGES, fold


class Kind(StrEnum):
    """The kind of answer a question asks for."""

    TIME = "time"
    MONEY = "money"
    NUMBER = "number"
    PERSON = "person"
    PLACE = "place"
    LIST = "list"
    REASON = "reason"
    OTHER = "other"


_ASKS = {
    "fr": (
        (Kind.MONEY, r"\bbudget\b|\bcout\w*|\bcombien .*\b(?:coute|paye|finance)|\bprix\b|\btarifs?\b|\bsalaires?\b|\bfinance"),
        (Kind.TIME, r"\bdepuis combien|\bcombien de temps"),
        (Kind.NUMBER, r"\bcombien|\bquel(?:le)?s? (?:est |etait |sont )?(?:le |la |l')?(?:nombre|part|taux|montant"
                      r"|superficie|population|pourcentage)|\bnombre d|\bnb\b"),
        (Kind.TIME, r"\bquand\b|\bquel(?:le)? (?:jour|date|annee|heure|mois)|\bdepuis (?:quand|quelle|combien)"
                    r"|\ba quelle heure|\bquelle date|\bhoraires?\b"),
        (Kind.PERSON, r"\bqui\b(?! (?:permet|concerne|a ete mis))|\bquel(?:le)? (?:maire|ministre|personne|intervenant|elu)"
                      r"|\bnom d"),
        (Kind.PLACE, r"\bou\b(?= (?:est|etait|se|s'|a |ont|la|le|les|l'|peut|diner|dejeuner|dort))|\bdans quel(?:le)?s?"
                     r" (?:ville|lieu|hotel|salle|pays|quartier|district)|\bquel (?:lieu|endroit|hotel)"),
        (Kind.REASON, r"\bpourquoi\b|\bquelle (?:est la )?raison|\ba quelle fin|\bdans quel but"),
        (Kind.LIST, r"\bquel(?:le)?s\b|\blesquel|\bliste|\bcitez|\bquels sont|\benumere"),
    ),
    "en": (
        (Kind.MONEY, r"\bbudget\b|\bcosts?\b|\bprices?\b|\bhow much (?:money|did .* pay)|\bsalary\b|\bfund(?:ed|ing)\b|\bpa(?:y|id) for\b"),
        (Kind.NUMBER, r"\bhow (?:many|much|big|large)|\bnumber of|\bwhat (?:share|percentage|amount|population)"),
        (Kind.TIME, r"\bwhen\b|\bwhat (?:time|date|day|year)|\bwhich (?:day|year|date)|\bsince when|\bhow long|\bschedule\b"),
        (Kind.PERSON, r"\bwho(?:m|se)?\b|\bwhat (?:person|official)|\bwhich (?:mayor|speaker|official|person)|\bname of the"
                      r" (?:mayor|speaker|director)"),
        (Kind.PLACE, r"\bwhere\b|\b(?:what|which) (?:place|city|town|venue|hotel|room|country|district)"),
        (Kind.REASON, r"\bwhy\b|\bwhat (?:is the |was the )?(?:reason|purpose)|\bwhat for\b"),
        (Kind.LIST, r"\blist\b|\bwhich\b.*\b\w+s\b|\bwhat are\b|\bwhat were\b|\bname (?:the|all|some)\b|\bexamples? of\b"),
    ),
    "ko": (
        (Kind.MONEY, r"비용|예산|가격|요금|급여|연봉|얼마(?:를|의 돈|에|가 들)"),
        (Kind.NUMBER, r"몇\s?(?:명|개|곳|건|마리|퍼센트|%|대|군데|가지|년간|사람|차례)|얼마나|얼마|인원|규모|[가-힣]+ ?수(?:는|가)?\b"
                      r"|비율|인구"),
        (Kind.TIME, r"언제|몇\s?(?:년|월|일|시)|며칠|무슨 ?요일|어느 ?(?:해|날)|시간표|일정|날짜"),
        (Kind.PERSON, r"누구|누가|누굴|어떤 ?분|어느 ?분|이름(?:은|이)|성함"),
        (Kind.PLACE, r"어디|어느 ?(?:도시|나라|곳|호텔|지역)|장소"),
        (Kind.REASON, r"왜|이유|까닭|목적"),
        (Kind.LIST, r"어떤 [가-힣]+들|무엇무엇|목록|나열|어떤 것들|모두|종류|뭐가 있|무엇이 있|어떤.*있(?:나요|습니까|어요)"),
    ),
}

_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_CLOCK = re.compile(r"\b\d{1,2} ?(?:h|:|시)\d{0,2}\b|\d{1,2}시|\b\d{1,2} ?(?:am|pm)\b")
_MONEY = re.compile(r"[€$£₩]|\b(?:euros?|dollars?|wons?|usd|eur|krw)\b|유로|달러|\d원|억 ?원|만 ?원")
_PERSON = re.compile(
    r"\b(?:M\.|Mme|Mr\.?|Mrs\.?|Ms\.?|Dr\.?) (?=[^\W\d_a-z])|\b[^\W\d_a-z][\w'-]+ [^\W\d_a-zà-ÿ]{2,}\b|\b[^\W\d_a-zà-ÿ가-힣]{3,}, [^\W\d_a-z]"
    r"|[가-힣]{2,4} ?(?:시장|구청장|도지사|대사|사무총장|국장|과장|팀장|대표|의원|씨|님)"
)
_CAUSE = re.compile(r"\b(?:car|parce|afin|pour|raison|grace|because|since|so that|in order|to|due|as)\b|때문|위해|위하여|이유|으므로|므로|고자")


def kind_of(question: str, language: str) -> Kind:
    """Return the kind of answer that `question`, in `language`, asks for."""
    folded = fold(question)
    for kind, pattern in _ASKS[language]:
        if re.search(pattern, folded):
            return kind
    return Kind.OTHER


def has_kind(text: str, kind: Kind) -> bool:
    """Return whether `text` holds something of the kind; True for kinds that show no mark of their own."""
    match kind:
        case Kind.TIME:
            folded = fold(text)
            return bool(_YEAR.search(folded) or _CLOCK.search(folded) or _calendar().search(folded))
        case Kind.NUMBER:
            return bool(_DIGIT.search(text))
        case Kind.MONEY:
            return bool(_MONEY.search(fold(text)) or "₩" in text)
        case Kind.PERSON:
            return bool(_PERSON.search(text))
        case Kind.REASON:
            return bool(_CAUSE.search(fold(text)))
        case _:
            return True


@cache
def _calendar() -> re.Pattern[str]:
    """Return what names of days and months look like in the three languages."""
    words = set[str]()
    for language in LANGUAGES:
        for names in (get_day_names("wide", locale=language), get_month_names("wide", locale=language)):
            words.update(fold(str(name)) for name in names.values())
    latin = sorted(word for word in words if word.isascii())
    return re.compile(rf"\b(?:{'|'.join(latin)})\b|[월화수목금토일]요일|\d{{1,2}}월|\d{{1,2}}일")
