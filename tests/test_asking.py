"""What a question asks for, in three languages, and whether a text has it."""

import pytest

from askmission.asking import Kind, has_kind, kind_of


@pytest.mark.parametrize(
    ("kind", "fr", "en", "ko"),
    [
        (
            Kind.TIME,
            "Depuis quand sont-elles jumelées ?",
            "Since when have they been twinned?",
            "언제부터 자매결연을 맺었나요?",
        ),
        (
            Kind.HOUR,
            "À quelle heure commence la visite ?",
            "What time does the visit start?",
            "방문은 몇 시에 시작하나요?",
        ),
        (Kind.YEAR, "En quelle année a-t-il ouvert ?", "What year did it open?", "몇 년에 문을 열었나요?"),
        (Kind.LENGTH, "Combien de temps a duré la visite ?", "How long did it last?", "방문은 얼마나 걸렸나요?"),
        (Kind.SHARE, "Quelle part des élèves vient à pied ?", "What share of pupils walk?", "걸어오는 학생의 비율은?"),
        (Kind.COUNT, "Combien de visiteurs sont venus ?", "How many visitors came?", "방문객은 몇 명이었나요?"),
        (Kind.NUMBER, "De combien le quai a-t-il grandi ?", "How big is the market?", "물은 얼마나 줄었나요?"),
        (Kind.MONEY, "Quel était le budget ?", "What did it cost?", "예산은 얼마였나요?"),
        (Kind.PERSON, "Qui est le maire ?", "Who is the mayor?", "시장은 누구인가요?"),
        (Kind.PLACE, "Où a lieu le dîner ?", "Where was the dinner?", "저녁 식사는 어디에서 했나요?"),
        (Kind.REASON, "Pourquoi cette visite ?", "Why this visit?", "왜 방문했나요?"),
        (Kind.LIST, "Quels sont les thèmes ?", "What are the themes?", "어떤 것들이 있나요?"),
        (Kind.OTHER, "Parlez-moi du festival.", "Describe the festival.", "축제를 설명해 주세요."),
    ],
)
def test_a_question_asks_for_the_same_in_three_languages(kind: Kind, fr: str, en: str, ko: str) -> None:
    assert (kind_of(fr, "fr"), kind_of(en, "en"), kind_of(ko, "ko")) == (kind, kind, kind)


@pytest.mark.parametrize(
    ("kind", "language", "question"),
    [
        (Kind.LIST, "ko", "시민들이 이 앱으로 할 수 있는 일은 뭐가 있나요?"),
        (Kind.OTHER, "ko", "김 교수는 무엇을 강조했나요?"),
        (Kind.LENGTH, "ko", "이동하는 데 몇 시간 걸렸나요?"),
        (Kind.LENGTH, "en", "How long was the seminar?"),
        (Kind.SHARE, "en", "percentage of women on the council"),
        (Kind.TIME, "en", "What was the date of the opening?"),
        (Kind.TIME, "fr", "Quelle est la date du séminaire ?"),
        (Kind.NUMBER, "ko", "작년 합계출산율은?"),
        (Kind.NUMBER, "fr", "Quel est le taux de change ?"),
        (Kind.COUNT, "ko", "지난해 이용자 수는?"),
        (Kind.REASON, "ko", "이용자 수가 줄어든 이유는 무엇인가요?"),
        (Kind.PERSON, "ko", "비용은 누가 냈나요?"),
        (Kind.MONEY, "ko", "숙박비는 하루에 얼마였습니까?"),
        (Kind.PERSON, "fr", "Qui finance le projet ?"),
        (Kind.REASON, "fr", "Pourquoi le budget a-t-il baissé ?"),
        (Kind.LIST, "fr", "Quels projets la région finance-t-elle ?"),
        (Kind.MONEY, "fr", "Combien la commune a-t-elle payé ?"),
        (Kind.PERSON, "en", "Who paid for the bridge?"),
        (Kind.REASON, "en", "Why is the work behind schedule?"),
        (Kind.OTHER, "en", "How is the school funded?"),
        (Kind.MONEY, "en", "How much does the town spend on it?"),
        (Kind.OTHER, "en", "What happens to the boats when the river is low?"),
        (Kind.OTHER, "fr", "Comment le maire a-t-il réagi quand le pont a fermé ?"),
        (Kind.LIST, "fr", "Quels journaux étaient présents ?"),
    ],
)
def test_a_question_that_only_mentions_an_amount_asks_for_something_else(
    kind: Kind, language: str, question: str
) -> None:
    assert kind_of(question, language) is kind


@pytest.mark.parametrize(
    ("kind", "fr", "en", "ko"),
    [
        (
            Kind.OTHER,
            "Comment répondre à la baisse de la population ?",
            "How do they respond to the falling population?",
            "인구 감소에 어떻게 대응하나요?",
        ),
        (
            Kind.PLACE,
            "Dans quelle ville la population est-elle la plus dense ?",
            "Which city has the densest population?",
            "인구가 가장 많은 도시는 어디인가요?",
        ),
        (
            Kind.OTHER,
            "Que fait la ville pour que la population reste ?",
            "What does the town do so that its population stays?",
            "인구를 늘리려고 무엇을 하나요?",
        ),
        (
            Kind.OTHER,
            "Quel est le grand projet de la ville ?",
            "What is the town's large-scale project?",
            "대규모 사업은 무엇인가요?",
        ),
        (Kind.OTHER, "Quel est le plus grand marais ?", "What is the largest marsh?", "규모가 가장 큰 습지는?"),
        (
            Kind.OTHER,
            "Comment aide-t-on les petits ateliers ?",
            "How are small-scale workshops helped?",
            "소규모 공방은 어떻게 돕나요?",
        ),
        (
            Kind.OTHER,
            "Budget participatif : comment ça marche ?",
            "Budget planning: how do residents take part?",
            "예산 편성에 주민이 어떻게 참여하나요?",
        ),
        (
            Kind.OTHER,
            "Coûts de chauffage : qu'a fait la ville ?",
            "Costs of heating: what was done?",
            "비용 절감을 위해 무엇을 했나요?",
        ),
        (
            Kind.PERSON,
            "Prix du bois : qui le fixe ?",
            "Price of timber: who sets it?",
            "가격 결정은 누가 하나요?",
        ),
        (Kind.OTHER, "Prix remporté par la ville ?", "Prize won by the town?", "시가 받은 상은?"),
        (Kind.OTHER, "Prix décerné au pont ?", "Prize awarded to the bridge?", "다리가 받은 상은 무엇인가요?"),
        (
            Kind.OTHER,
            "Quel prix l'école a-t-elle gagné ?",
            "What prize did the school win?",
            "학교가 받은 상은 무엇인가요?",
        ),
        (
            Kind.OTHER,
            "Que fait-on dans les arts visuels ?",
            "What is done in the visual arts?",
            "시각예술 분야에서 무엇을 하나요?",
        ),
        (
            Kind.OTHER,
            "Quelle aide visuelle y a-t-il ?",
            "What visual aid is there?",
            "시각 자료는 무엇이 쓰였나요?",
        ),
        (
            Kind.OTHER,
            "Quel est son regard sur la ville ?",
            "What is her view of the town?",
            "도시에 대한 시각은 어떤가요?",
        ),
        (
            Kind.PLACE,
            "Où est la prochaine étape ?",
            "Where is the next stop?",
            "다음 목적지는 어디인가요?",
        ),
        (
            Kind.PLACE,
            "Où est la salle polyvalente ?",
            "Where is the multi-purpose hall?",
            "다목적홀은 어디에 있나요?",
        ),
        (
            Kind.COUNT,
            "Combien de visiteurs viennent pour le tourisme ?",
            "How many visitors come for tourism?",
            "관광 목적의 방문객은 몇 명인가요?",
        ),
        (
            Kind.OTHER,
            "À quoi la délégation a-t-elle passé la soirée ?",
            "What did the delegation spend the evening doing?",
            "대표단은 저녁에 무엇을 했나요?",
        ),
        (
            Kind.OTHER,
            "Que font-ils de leur samedi matin ?",
            "What do they spend Saturday morning on?",
            "토요일 아침에는 무엇을 하나요?",
        ),
        (
            Kind.OTHER,
            "De quoi ont-ils parlé deux heures durant ?",
            "What did they spend two hours discussing?",
            "두 시간 동안 무엇을 논의했나요?",
        ),
        (Kind.NUMBER, "Quelle est la population ?", "What population is it?", "인구는?"),
        (Kind.NUMBER, "De combien est la population ?", "How big is the population?", "인구가 어떻게 되나요?"),
        (Kind.NUMBER, "De combien est la foule ?", "How large is the crowd?", "군중 규모는 어느 정도인가요?"),
        (Kind.NUMBER, "De combien est l'équipe ?", "How big is the team?", "방문단 규모가 어느 정도야?"),
        (Kind.NUMBER, "Combien des pays sont venus ?", "How much of it is left?", "나무는 얼마나 남았나요?"),
        (Kind.MONEY, "Budget des écoles en 2024 ?", "Budget of the schools in 2024?", "2024년 학교 예산은?"),
        (Kind.MONEY, "Prix du billet qui vaut un jour ?", "Price of the ticket for a day?", "하루 입장권 가격은?"),
        (
            Kind.MONEY,
            "Combien dépense-t-elle par jour ?",
            "What does it spend a day on cleaning?",
            "하루 청소에 드는 비용은?",
        ),
        (Kind.HOUR, "À quelle heure est le départ ?", "What time is the departure?", "출발 시각은?"),
        (Kind.HOUR, "Quelle heure ?", "What time is it, please?", "귀국 비행기 시각을 알려 주세요."),
        (Kind.REASON, "Dans quel but cette visite ?", "What was the purpose of the visit?", "방문 목적은 무엇인가요?"),
        (Kind.REASON, "Quel est le but du voyage ?", "What is the purpose of the trip?", "여행의 목적이 뭔가요?"),
    ],
)
def test_a_word_that_only_looks_like_an_amount_or_a_reason_asks_for_neither(
    kind: Kind, fr: str, en: str, ko: str
) -> None:
    assert (kind_of(fr, "fr"), kind_of(en, "en"), kind_of(ko, "ko")) == (kind, kind, kind)


@pytest.mark.parametrize(
    ("kind", "fr", "en", "ko"),
    [
        (
            Kind.OTHER,
            "Quel est le nom du pont inscrit au registre ?",
            "What is the name of the bridge in the register?",
            "다리의 이름은 무엇인가요?",
        ),
        (Kind.OTHER, "Quel est le nom de la fête ?", "What is the name of the festival?", "축제 이름이 뭐예요?"),
        (Kind.OTHER, "Comment s'appelle l'école ?", "What is the school called?", "학교 이름은?"),
        (Kind.OTHER, "Le nom du chien du maire ?", "What is the mayor's dog's name?", "시장 개의 이름은?"),
        (Kind.PERSON, "Quel est le nom du maire ?", "What is the name of the mayor?", "시장의 이름은 무엇인가요?"),
        (Kind.PERSON, "Comment s'appelle le maire ?", "What is the mayor's name?", "시장님 이름이 뭐예요?"),
        (
            Kind.PERSON,
            "Comment s'appelle l'ancienne directrice du port ?",
            "What is the former director called?",
            "전임 관장 이름 알려 주세요",
        ),
        (
            Kind.PERSON,
            "Nom de l'ambassadeur ?",
            "What is the name of the ambassador?",
            "대사의 이름은?",
        ),
        (
            Kind.PERSON,
            "Quel est le nom des deux frères ?",
            "What are the names of the two brothers?",
            "두 형제의 이름은 무엇인가요?",
        ),
    ],
)
def test_a_name_is_a_persons_only_where_a_person_bears_it(kind: Kind, fr: str, en: str, ko: str) -> None:
    assert (kind_of(fr, "fr"), kind_of(en, "en"), kind_of(ko, "ko")) == (kind, kind, kind)


@pytest.mark.parametrize(
    ("kind", "fr", "en", "ko"),
    [
        (
            Kind.NUMBER,
            "Quelle est la population de Tallow ?",
            "What is the population of Tallow?",
            "탤로의 인구는 얼마인가요?",
        ),
        (Kind.NUMBER, "Quel est le taux de chômage ?", "What is the unemployment rate?", "실업률은 얼마인가요?"),
        (
            Kind.NUMBER,
            "Quel a été le taux de natalité ?",
            "What was Tallow's birth rate in 2020?",
            "2020년 출생률은 얼마였나요?",
        ),
        (Kind.NUMBER, "Quelle est la superficie du parc ?", "What is the area of the park?", "공원의 면적은?"),
        (Kind.NUMBER, "Quelle est la surface du marché ?", "What is the floor area?", "시장의 면적은 어느 정도인가요?"),
        (Kind.OTHER, "Quel est son domaine ?", "What is her area of expertise?", "그의 전문 분야는 무엇인가요?"),
        (Kind.OTHER, "Quelle est la politique suivie ?", "What is the population policy?", "인구 정책은 무엇인가요?"),
        (
            Kind.OTHER,
            "Quel est l'effet sur la population ?",
            "What is the effect on the population?",
            "인구에 미친 영향은?",
        ),
    ],
)
def test_a_population_and_a_rate_are_numbers(kind: Kind, fr: str, en: str, ko: str) -> None:
    assert (kind_of(fr, "fr"), kind_of(en, "en"), kind_of(ko, "ko")) == (kind, kind, kind)


@pytest.mark.parametrize(
    ("kind", "fr", "en", "ko"),
    [
        (
            Kind.OTHER,
            "Quel pont figure au livre des records ?",
            "Which bridge is in the record book?",
            "기록집에 오른 다리는 무엇인가요?",
        ),
        (Kind.OTHER, "Quelle école a un jardin ?", "Which school has a garden?", "정원이 있는 학교는?"),
        (Kind.OTHER, "Quelle entreprise fait les lits ?", "Which firm builds the beds?", "침대를 만드는 회사는?"),
        (Kind.OTHER, "Quel bus va au port ?", "Which bus goes there?", "항구로 가는 버스는?"),
        (Kind.LIST, "Quels ponts sont anciens ?", "Which bridges are old?", "어떤 다리들이 오래되었나요?"),
        (
            Kind.LIST,
            "Quels autres ponts ont été bâtis ?",
            "Which wooden bridges have been built?",
            "어떤 나무다리들을 지었나요?",
        ),
        (Kind.LIST, "Lesquels des ponts ont tenu ?", "Which of the bridges held?", "어떤 다리들이 버텼나요?"),
        (Kind.LIST, "Quelles villes françaises sont venues ?", "Which French towns came?", "어떤 도시들이 왔나요?"),
        (Kind.LIST, "Quels ont été les deux gagnants ?", "Which two towns won?", "어떤 마을들이 이겼나요?"),
        (Kind.OTHER, "Lequel des deux ponts a tenu ?", "Which of them has held?", "둘 중 버틴 다리는?"),
        (Kind.LIST, "Quelles personnes sont venues ?", "Which people came?", "어떤 사람들이 왔나요?"),
    ],
)
def test_only_several_make_a_list(kind: Kind, fr: str, en: str, ko: str) -> None:
    assert (kind_of(fr, "fr"), kind_of(en, "en"), kind_of(ko, "ko")) == (kind, kind, kind)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.TIME, "jumelée depuis 2009"),
        (Kind.TIME, "à 14h00"),
        (Kind.TIME, "on Friday"),
        (Kind.TIME, "9월 27일"),
        (Kind.TIME, "수요일에"),
        (Kind.TIME, "문을 연 것은 2006년이다"),
        (Kind.TIME, "지난해 가을에 마쳤다"),
        (Kind.TIME, "closed on Tuesdays"),
        (Kind.YEAR, "2006년에 문을 열었다"),
        (Kind.LENGTH, "une formation de quinze jours"),
        (Kind.LENGTH, "a replacement takes two days"),
        (Kind.LENGTH, "꼬박 열흘이 걸린다"),
        (Kind.SHARE, "un quart des commandes"),
        (Kind.SHARE, "three households in ten"),
        (Kind.SHARE, "시민의 절반이 찬성했다"),
        (Kind.COUNT, "fourteen officers"),
        (Kind.COUNT, "une douzaine d'écoles"),
        (Kind.COUNT, "서른세 동이 남아 있다"),
        (Kind.COUNT, "어르신 마흔여덟 분의 보금자리"),
        (Kind.COUNT, "four ships a week"),
        (Kind.LENGTH, "석 달간 배운다"),
        (Kind.LENGTH, "Séminaire (14h00 – 17h00)"),
        (Kind.LENGTH, "du 24 au 27 septembre"),
        (Kind.LENGTH, "from 3 March to 9 March"),
        (Kind.LENGTH, "9월 24일부터 27일까지"),
        (Kind.LENGTH, "버스로 한 시간 반이다"),
        (Kind.NUMBER, "4,3 M de visiteurs"),
        (Kind.MONEY, "€ 7 billion"),
        (Kind.MONEY, "3억 원"),
        (Kind.MONEY, "12 000 couronnes tchèques"),
        (Kind.MONEY, "forty rupees a head"),
        (Kind.MONEY, "KRW 2 bn"),
        (Kind.MONEY, "천 페소"),
        (Kind.MONEY, "l'entrée est gratuite"),
        (Kind.MONEY, "무료로 운영된다"),
        (Kind.HOUR, "the gates close at noon"),
        (Kind.HOUR, "8.15 a.m."),
        (Kind.HOUR, "à onze heures précises"),
        (Kind.HOUR, "새벽 네 시에 출발했다"),
        (Kind.PERSON, "M. Bertrand Jadot"),
        (Kind.PERSON, "François COLLART, Maire"),
        (Kind.PERSON, "윤가람 부시장"),
        (Kind.REASON, "afin de perpétuer la réciprocité"),
        (Kind.REASON, "because of the snow"),
        (Kind.REASON, "눈 때문에"),
        (Kind.OTHER, "n'importe quoi"),
    ],
)
def test_a_text_with_what_was_asked_for_is_seen(kind: Kind, text: str) -> None:
    assert has_kind(text, kind)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.TIME, "une trentaine de musées"),
        (Kind.YEAR, "le 14 mars"),
        (Kind.LENGTH, "depuis longtemps"),
        (Kind.SHARE, "12 écoles sont concernées"),
        (Kind.COUNT, "la 2e région de France, depuis 2015"),
        (Kind.COUNT, "85 % of the trips, at 3 euros"),
        (Kind.COUNT, "제3부두는 2019년 5월에 열렸다"),
        (Kind.NUMBER, "plusieurs musées"),
        (Kind.MONEY, "800 000 habitants"),
        (Kind.MONEY, "공원에 갔다"),
        (Kind.MONEY, "the real answer of a franc man"),
        (Kind.MONEY, "in 2024 all of them came"),
        (Kind.HOUR, "네 시간 걸렸다"),
        (Kind.REASON, "la ville est grande"),
    ],
)
def test_a_text_without_what_was_asked_for_is_seen(kind: Kind, text: str) -> None:
    assert not has_kind(text, kind)
