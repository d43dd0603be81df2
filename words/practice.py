"""Made-up diary sentences for training: a small grammar, because comments on the internet are no diary.

Comments seldom say what a day was like in the first person, and their neutral is an opinion, not "washed the car,
then slept". So the corpora are joined by lines put together here: a feeling named, denied, or set against another;
a thing that happened; a routine. They teach the lexicon's pieces how a diary uses them. None is a line of
`tests/data/diary_lines.tsv`, and situations in those lines were left out; but one hand wrote both, as the card says.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np

from emotions import EMOTIONS
from words.labels import Shares
from words.lexicon import EMOJI, EMOTICONS

# Past stems: each takes 다, 어, 음, 네, 어요 …; then the form before 지 (않다), where there is one.
KOREAN_FEELINGS: dict[str, str] = {
    "happiness": """
        행복했/행복하 기뻤/기쁘 즐거웠/즐겁 신났/신나 좋았/좋 뿌듯했/뿌듯하 설렜/설레 고마웠/고맙 편안했/편안하
        재밌었/재밌 감사했/감사하 만족스러웠/만족스럽 기분_좋았/기분_좋 감동받았/감동받 웃겼/웃기
        사랑스러웠/사랑스럽 후련했/후련하
    """,
    "surprise": """
        놀랐/놀라 깜짝_놀랐/놀라 충격이었/- 당황했/당황하 신기했/신기하 뜻밖이었/- 황당했/황당하 놀라웠/놀랍
        어리둥절했/- 예상_밖이었/- 생각도_못_했/- 어안이_벙벙했/- 헉_했/- 의외였/-
    """,
    "neutral": """
        평범했/평범하 무난했/무난하 그저_그랬/- 별일_없었/- 그냥_그랬/- 평소랑_같았/- 조용했/조용하 똑같았/-
        담담했/담담하 그럭저럭_지냈/- 특별할_거_없었/- 보통이었/-
    """,
    "fear": """
        무서웠/무섭 불안했/불안하 걱정됐/걱정되 두려웠/두렵 긴장했/긴장하 초조했/초조하 떨렸/떨리 겁났/겁나
        막막했/막막하 걱정이_많았/- 안절부절못했/- 식은땀이_났/- 겁이_났/- 부담스러웠/부담스럽 심란했/-
    """,
    "disgust": """
        역겨웠/역겹 더러웠/더럽 징그러웠/징그럽 불쾌했/불쾌하 싫었/싫 메스꺼웠/메스껍 혐오스러웠/혐오스럽
        토할_것_같았/- 꼴보기_싫었/- 비위가_상했/- 지저분했/지저분하 질색이었/- 꺼림칙했/- 구역질이_났/- 밥맛이었/-
    """,
    "anger": """
        화가_났/화가_나 화났/화나 짜증_났/짜증_나 짜증났/짜증나 열받았/열받 억울했/억울하 분했/분하 답답했/답답하
        어이없었/- 미웠/밉 괘씸했/괘씸하 빡쳤/빡치 성질났/- 속이_터졌/- 얄미웠/얄밉 서로_소리쳤/-
    """,
    "sadness": """
        슬펐/슬프 우울했/우울하 외로웠/외롭 속상했/속상하 서러웠/서럽 힘들었/힘들 허전했/허전하 지쳤/지치
        눈물이_났/- 후회했/후회하 괴로웠/괴롭 서운했/서운하 아쉬웠/아쉽 마음이_아팠/- 울었/울 비참했/비참하
        그리웠/그립 미안했/미안하 무기력했/-
    """,
}
ENGLISH_FEELINGS: dict[str, str] = {
    "happiness": """
        happy joyful glad delighted cheerful proud grateful excited relieved content thankful loved amazing great
        wonderful blessed hopeful peaceful ecstatic good fantastic lucky
    """,
    "surprise": "surprised shocked astonished amazed stunned startled speechless puzzled baffled bewildered confused",
    "neutral": "okay fine normal average ordinary alright neutral so-so",
    "fear": """
        afraid scared terrified anxious nervous worried frightened panicky uneasy tense alarmed petrified stressed
        unsafe insecure
    """,
    "disgust": "disgusted grossed_out nauseous sickened revolted repulsed queasy creeped_out appalled",
    "anger": "angry mad furious annoyed irritated frustrated pissed_off outraged enraged fed_up livid",
    "sadness": """
        sad unhappy depressed lonely heartbroken miserable hopeless disappointed gloomy hurt down guilty ashamed
        empty tired exhausted homesick regretful devastated upset worthless
    """,
}

KOREAN_EVENTS: dict[str, str] = {
    "happiness": """
        장학금을 받았|칭찬을 들었|오랜 친구를 만나서 실컷 수다를 떨었|원하던 회사에 합격했|운동 기록을 깼|
        맛있는 걸 잔뜩 먹었|프로젝트가 잘 끝났|가족이랑 여행을 갔|보고 싶던 공연을 봤|자격증을 땄|승진했|
        푹 쉬어서 개운했|아이가 상을 받았|경기에서 이겼|꽃이 활짝 폈
    """,
    "surprise": """
        길에서 연예인을 봤|갑자기 비가 쏟아졌|모르는 번호로 축하 전화가 왔|지갑이 돌아왔|
        처음 보는 사람이 내 이름을 불렀|시험이 갑자기 미뤄졌|알고 보니 쌍둥이였|택배가 세 달 만에 왔|
        갑자기 정답이 떠올랐|선생님이 갑자기 그만두셨
    """,
    "neutral": """
        밥을 먹었|청소를 했|책을 읽었|운동을 했|수업을 들었|텔레비전을 봤|머리를 감았|은행에 다녀왔|장을 봤|
        커피를 마셨|산책을 했|일찍 잤|늦게 일어났|서류를 정리했|메일을 보냈|옷을 갈아입었|라면을 끓였|전철을 탔|
        숙제를 했|약을 먹었|날씨가 흐렸|사무실에 있었|유튜브를 봤|샤워를 했
    """,
    "fear": """
        귀신 꿈을 꿨|집에 도둑이 든 것 같았|건강 검진에서 재검이 나왔|해고 통보가 올까 봐 떨었|무대에 올라가야 했|
        낯선 남자가 쫓아왔|아이가 열이 안 떨어졌|빚을 못 갚을까 걱정했|지진이 났|높은 데 올라가서 다리가 후들거렸|
        면접을 앞두고 있었|혼날까 봐 숨었
    """,
    "disgust": """
        쓰레기 냄새가 진동했|변기가 막혀서 넘쳤|음식에서 파리가 나왔|누가 길에 토해 놨|상한 우유를 마셨|
        성희롱하는 걸 봤|입 냄새가 지독했|쥐가 부엌에 있었|아부하는 꼴을 봤|콧물이 손에 묻었|구더기가 있었|
        바람피운 얘기를 자랑했
    """,
    "anger": """
        친구랑 싸웠|누가 새치기를 했|내 말을 무시했|약속을 어겼|내 물건을 부쉈|거짓말을 들켰는데도 뻔뻔했|
        억지로 야근을 시켰|내 탓을 했|욕을 들었|사기를 당했|반말로 소리를 질렀|돈을 안 갚았|차별을 당했|
        뒤에서 내 욕을 했|잔소리를 계속했
    """,
    "sadness": """
        시험을 망쳤|남자친구랑 헤어졌|면접에서 떨어졌|강아지가 무지개다리를 건넜|혼자 밥을 먹었|친구가 이사를 갔|
        실수만 했|꿈을 포기했|장례식에 다녀왔|아무도 내 편이 아니었|몸이 아파서 누워만 있었|소중한 걸 잃어버렸|
        엄마가 보고 싶었|경기에서 졌|친구들이 나만 빼고 놀았
    """,
}
ENGLISH_EVENTS: dict[str, str] = {
    "happiness": """
        I got the job|I got promoted|we went to the beach|I passed my driving test|my friends came over|
        I beat my record|we ate the best pizza|I finally finished my thesis|my team won|he asked me to marry him|
        I slept so well|we had a great time|they gave me a scholarship|I made a new friend
    """,
    "surprise": """
        a stranger knew my name|the lights went out all of a sudden|I ran into my old teacher by chance|
        it snowed in May|my lost wallet came back in the mail|they suddenly called off the match|
        I found out that they are twins|a deer stood in our kitchen|nobody told me that the shop had closed|
        turns out we are related
    """,
    "neutral": """
        I watched TV|went for a walk|cooked rice|had a coffee|cleaned the kitchen|took a shower|paid the bills|
        did homework|went to class|bought bread|took the bus|fed the fish|sorted some papers|listened to a podcast|
        put gas in the car|slept until nine|worked from home|called the plumber|it was cloudy|charged my phone
    """,
    "fear": """
        someone was following me|I might lose my job|I have to speak in front of everyone|there was an earthquake|
        I heard steps in the dark|the doctor wants more tests|my kid has a high fever|I might fail the exam|
        the brakes did not work|I had a nightmare|I can't breathe when I think of tomorrow
    """,
    "disgust": """
        the toilet overflowed|a rat ran through the kitchen|someone puked on the bus|the meat was rotten|
        he picked his nose at dinner|the sink smelled like sewage|there were maggots in the trash|
        he groped someone at the bar|the fridge stank|a fly was in my soup
    """,
    "anger": """
        I had a fight with my friend|they lied to me|he blamed me for his mistake|someone stole my bike|
        they ignored me|my neighbour kept shouting|the driver cut me off|they broke their promise|she insulted me|
        he never listens|the refund was refused|they made me work overtime
    """,
    "sadness": """
        I failed the exam|we broke up|my dog died|nobody called me|I lost my job|I cried all night|I miss my mom|
        I was left out again|my friend moved away|I gave up on my dream|we lost the match|I went to the funeral|
        I was rejected|I messed everything up
    """,
}

_KOREAN_WHEN = ["", "", "", "오늘 ", "오늘은 ", "아침부터 ", "하루 종일 ", "저녁에 ", "어제 ", "요즘 ", "회사에서 ",
                "학교에서 ", "집에 오는데 ",
                "혼자 있는데 ", "밤에 ", "방금 "]  # fmt: skip
_KOREAN_HOW = ["", "", "", "진짜 ", "너무 ", "정말 ", "완전 ", "좀 ", "진짜 너무 ", "되게 ", "엄청 "]
_KOREAN_END = ["다", "다.", "다.", "어", "어", "음", "네", "어요", "습니다.", "지", "다!", "어!!", "던 하루"]
_KOREAN_CRY = {
    "sadness": " ㅠㅠ",
    "fear": " ㅠㅠ",
    "anger": " 아오",
    "happiness": " ㅎㅎ",
    "surprise": " 헐",
    "disgust": " 으",
}
_ENGLISH_WHEN = ["", "", "", "today ", "this morning ", "all day ", "at work ", "at school ", "tonight ", "yesterday "]
_ENGLISH_HOW = ["", "", "so ", "really ", "very ", "pretty ", "a bit ", "extremely ", "so so "]
_ENGLISH_FELT = ["I feel ", "I felt ", "I was ", "I'm ", "feeling ", "it made me feel ", "makes me feel ", "I am "]
_ENGLISH_END = ["", ".", ".", "!", "...", "!!"]

_UNPLEASANT = ("fear", "disgust", "anger", "sadness")


def practice(count: int, seed: int = 0) -> tuple[list[str], np.ndarray]:
    """`count` sentences, half Korean, half English, with their shares of the seven moods."""
    rng = random.Random(seed)
    kinds: tuple[Callable[[random.Random, str], tuple[str, Shares]], ...] = (
        *(_feeling, _feeling, _feeling),
        *(_event, _event, _event),
        *(_denial, _turn, _routine, _sign),
    )
    texts, shares = [], np.zeros((count, len(EMOTIONS)), np.float32)
    for row in range(count):
        text, mood = rng.choice(kinds)(rng, _language(row))
        texts.append(text)
        for name, share in mood.items():
            shares[row, EMOTIONS.index(name)] = share
    return texts, shares


def _language(row: int) -> str:
    return "ko" if row % 2 else "en"


def _entries(text: str, separator: str | None = None) -> list[str]:
    return [" ".join(entry.split()).replace("_", " ") for entry in text.split(separator)]


def _one_korean(rng: random.Random, mood: str) -> tuple[str, str]:
    past, _, base = rng.choice(_entries(KOREAN_FEELINGS[mood])).partition("/")
    return past, base


def _feeling(rng: random.Random, language: str) -> tuple[str, Shares]:
    """A feeling, named."""
    mood = rng.choice(EMOTIONS)
    if language == "ko":
        cry = _KOREAN_CRY.get(mood, "") if rng.random() < 0.2 else ""
        text = rng.choice(_KOREAN_WHEN) + rng.choice(_KOREAN_HOW) + _one_korean(rng, mood)[0] + rng.choice(_KOREAN_END)
        return text + cry, {mood: 1.0}
    feeling = rng.choice(_entries(ENGLISH_FEELINGS[mood]))
    text = rng.choice(_ENGLISH_WHEN) + rng.choice(_ENGLISH_FELT) + rng.choice(_ENGLISH_HOW) + feeling
    return text + rng.choice(_ENGLISH_END), {mood: 1.0}


def _denial(rng: random.Random, language: str) -> tuple[str, Shares]:
    """A feeling, denied: not happy is half sad, half nothing; not afraid is mostly nothing, and a little glad."""
    mood = rng.choice(("happiness", "happiness", "happiness", *_UNPLEASANT))
    shares = {"sadness": 0.6, "neutral": 0.4} if mood == "happiness" else {"neutral": 0.5, "happiness": 0.5}
    if language == "ko":
        past, base = _one_korean(rng, mood)
        way = rng.choice(("안 ", "하나도 안 ", "지 않"))
        if way == "지 않" and base not in ("", "-"):
            text = base + rng.choice(("지 않았다", "지 않았어", "지가 않네", "지도 않았다", "지 않아", "지 않다"))
        else:
            text = way.replace("지 않", "안 ") + past + rng.choice(_KOREAN_END)
        return rng.choice(_KOREAN_WHEN) + text, shares
    feeling = rng.choice(_entries(ENGLISH_FEELINGS[mood]))
    denied = rng.choice(("I'm not {}", "not {} at all", "I don't feel {}", "I was not {}", "I wasn't {}",
                         "I didn't feel {}",
                         "I am not {} anymore", "never felt less {}"))  # fmt: skip
    return rng.choice(_ENGLISH_WHEN) + denied.format(feeling) + rng.choice(_ENGLISH_END), shares


def _turn(rng: random.Random, language: str) -> tuple[str, Shares]:
    """One thing but another: the day comes to what is said last."""
    before, after = rng.sample(EMOTIONS, 2)
    shares = {before: 0.25, after: 0.75}
    if language == "ko":
        join = rng.choice(("지만 ", "는데 ", "지만 결국 ", "는데 나중엔 "))
        return _one_korean(rng, before)[0] + join + _one_korean(rng, after)[0] + rng.choice(_KOREAN_END), shares
    first, second = (rng.choice(_entries(ENGLISH_FEELINGS[mood])) for mood in (before, after))
    text = rng.choice(("I was {} but now I'm {}", "felt {} at first, but ended up {}", "{} in the morning but {} later",
                       "I was {}, however I felt {} in the end"))  # fmt: skip
    return text.format(first, second) + rng.choice(_ENGLISH_END), shares


def _event(rng: random.Random, language: str) -> tuple[str, Shares]:
    """Something that happened; now and then with the feeling it brought."""
    mood = rng.choice(EMOTIONS)
    shares = {mood: 1.0} if mood == "neutral" else {mood: 0.85, "neutral": 0.15}
    if language == "ko":
        text = rng.choice(_KOREAN_WHEN) + rng.choice(_entries(KOREAN_EVENTS[mood], "|"))
        if rng.random() < 0.3:
            return f"{text}다. {rng.choice(_KOREAN_HOW)}{_one_korean(rng, mood)[0]}{rng.choice(_KOREAN_END)}", {
                mood: 1.0
            }
        return text + rng.choice(_KOREAN_END), shares
    text = rng.choice(_ENGLISH_WHEN) + rng.choice(_entries(ENGLISH_EVENTS[mood], "|"))
    if rng.random() < 0.3:
        return f"{text}. I felt {rng.choice(_entries(ENGLISH_FEELINGS[mood]))}{rng.choice(_ENGLISH_END)}", {mood: 1.0}
    return text + rng.choice(_ENGLISH_END), shares


def _routine(rng: random.Random, language: str) -> tuple[str, Shares]:
    """Two or three things of an ordinary day, or a place one went to."""
    if rng.random() < 0.5:
        return (_korean_errand if language == "ko" else _english_errand)(rng), {"neutral": 1.0}
    events = rng.sample(
        _entries((KOREAN_EVENTS if language == "ko" else ENGLISH_EVENTS)["neutral"], "|"), rng.choice((2, 3))
    )
    if language == "ko":
        return rng.choice(_KOREAN_WHEN) + rng.choice(("고 ", "고, ", "다. ")).join(events) + "다", {"neutral": 1.0}
    return rng.choice((", then ", " and ", ", ", ". ")).join(events) + rng.choice(_ENGLISH_END), {"neutral": 1.0}


def _sign(rng: random.Random, language: str) -> tuple[str, Shares]:
    """An emoji or two, alone or after something that happened: then it says how that was."""
    mood = rng.choice(EMOTIONS)
    sign = rng.choice((*EMOJI[mood], *EMOTICONS[mood].split())) * rng.choice((1, 1, 2, 3))
    if rng.random() < 0.4:
        return sign, {mood: 1.0}
    if language == "ko":
        text = (
            rng.choice(_KOREAN_WHEN)
            + rng.choice(_entries(KOREAN_EVENTS["neutral"], "|"))
            + rng.choice(("다", "음", "어"))
        )
    else:
        text = rng.choice(_ENGLISH_WHEN) + rng.choice(_entries(ENGLISH_EVENTS["neutral"], "|"))
    return f"{text} {sign}", {mood: 0.8, "neutral": 0.2} if mood != "neutral" else {mood: 1.0}


def _korean_errand(rng: random.Random) -> str:
    place, other = rng.sample(
        ("회사", "학교", "집", "학원", "카페", "헬스장", "우체국", "사무실", "시장", "편의점", "강의실", "미용실"), 2
    )
    way = rng.choice(("{}에 갔다가 {}에 왔다", "{}에서 일하다가 {}에 갔다", "{}에서 밥을 먹고 {}에 들렀다",
                      "{}에서 공부했다",
                      "{}에 있다가 왔다", "{}에서 세 시간 있었다", "{} 갔다 왔음", "{}까지 걸어갔다",
                      "{}에서 {}로 이동"))  # fmt: skip
    return rng.choice(_KOREAN_WHEN) + way.format(place, other)


def _english_errand(rng: random.Random) -> str:
    place, other = rng.sample(
        ("work", "school", "the office", "the store", "the gym", "the bank", "class", "the cafe"), 2
    )
    way = rng.choice(("went to {} and then to {}", "was at {} until five", "walked to {}", "stopped by {} after {}",
                      "spent the afternoon at {}", "drove from {} to {}", "went to {}, came home, went to bed",
                      "just a day at {}"))  # fmt: skip
    return rng.choice(("", "I ", "")) + way.format(place, other) + rng.choice(_ENGLISH_END)
