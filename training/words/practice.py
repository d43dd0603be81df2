"""Generates diary sentences for training from a small grammar (`training/words/phrases.py`).

Internet comments seldom describe a day in the first person, and their neutral is an opinion, not "washed the car, then
slept". The sentences name a feeling, deny it or contrast two; they tell an event or a routine. They show the model what
a negation does to a mood. None is a line of `tests/data` (a test checks it),
but the same author wrote both, as the model card says.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np

from emotions import EMOTIONS
from training.words.labels import Shares
from training.words.phrases import (
    EMOJI,
    EMOTICONS,
    ENGLISH_DENIED,
    ENGLISH_END,
    ENGLISH_EVENTS,
    ENGLISH_FEELINGS,
    ENGLISH_FELT,
    ENGLISH_GOES_ON,
    ENGLISH_HOW,
    ENGLISH_WHEN,
    KOREAN_DENIED,
    KOREAN_END,
    KOREAN_EVENTS,
    KOREAN_FEELINGS,
    KOREAN_GOES_ON,
    KOREAN_HOW,
    KOREAN_INTERJECTION,
    KOREAN_WHEN,
)

_UNPLEASANT = ("fear", "disgust", "anger", "sadness")
_EVEN: Shares = {"neutral": 0.8, "sadness": 0.1, "happiness": 0.1}


def practice(count: int, seed: int = 0) -> tuple[list[str], np.ndarray]:
    """`count` sentences, half Korean, half English, with their shares of the seven moods."""
    rng = random.Random(seed)
    kinds: tuple[Callable[[random.Random, str], tuple[str, Shares]], ...] = (
        *(_feeling, _feeling, _feeling),
        *(_event, _event, _event),
        *(_denial, _turn, _routine, _sign),
        *(_denied_event, _denied_event, _denied_event),
        *(_neither, _not_but, _no_longer, _as_never, _goes_on),
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


def _korean_feeling(rng: random.Random, mood: str) -> tuple[str, str]:
    past, _, base = rng.choice(_entries(KOREAN_FEELINGS[mood])).partition("/")
    return past, base


def _english_feeling(rng: random.Random, mood: str) -> str:
    return rng.choice(_entries(ENGLISH_FEELINGS[mood]))


def _korean_base(rng: random.Random, mood: str) -> str:
    """The form before 지 of a feeling that has one."""
    return rng.choice(
        [base for _, _, base in (e.partition("/") for e in _entries(KOREAN_FEELINGS[mood])) if base not in ("", "-")]
    )


def _feeling(rng: random.Random, language: str) -> tuple[str, Shares]:
    """Names a feeling."""
    mood = rng.choice(EMOTIONS)
    if language == "ko":
        interjection = KOREAN_INTERJECTION.get(mood, "") if rng.random() < 0.2 else ""
        text = rng.choice(KOREAN_WHEN) + rng.choice(KOREAN_HOW) + _korean_feeling(rng, mood)[0] + rng.choice(KOREAN_END)
        return text + interjection, {mood: 1.0}
    feeling = _english_feeling(rng, mood)
    text = rng.choice(ENGLISH_WHEN) + rng.choice(ENGLISH_FELT) + rng.choice(ENGLISH_HOW) + feeling
    return text + rng.choice(ENGLISH_END), {mood: 1.0}


def _denial(rng: random.Random, language: str) -> tuple[str, Shares]:
    """Denies a feeling: not happy is mostly sad, partly neutral; not afraid is half neutral, half happy."""
    mood = rng.choice(("happiness", "happiness", "happiness", *_UNPLEASANT))
    shares = {"sadness": 0.6, "neutral": 0.4} if mood == "happiness" else {"neutral": 0.5, "happiness": 0.5}
    if language == "ko":
        past, base = _korean_feeling(rng, mood)
        way = rng.choice(("안 ", "하나도 안 ", "지 않"))
        if way == "지 않" and base not in ("", "-"):
            text = base + rng.choice(("지 않았다", "지 않았어", "지가 않네", "지도 않았다", "지 않아", "지 않다"))
        else:
            text = way.replace("지 않", "안 ") + past + rng.choice(KOREAN_END)
        return rng.choice(KOREAN_WHEN) + text, shares
    feeling = _english_feeling(rng, mood)
    denied = rng.choice(("I'm not {}", "not {} at all", "I don't feel {}", "I was not {}", "I wasn't {}",
                         "I didn't feel {}",
                         "I am not {} anymore", "never felt less {}"))  # fmt: skip
    return rng.choice(ENGLISH_WHEN) + denied.format(feeling) + rng.choice(ENGLISH_END), shares


def _denied_event(rng: random.Random, language: str) -> tuple[str, Shares]:
    """An event with a negation: the mood belongs to the whole sentence, not to the denied word."""
    mood = rng.choice(EMOTIONS)
    shares = {mood: 1.0} if mood == "neutral" else {mood: 0.85, "neutral": 0.15}
    if language == "ko":
        return rng.choice(KOREAN_WHEN) + rng.choice(_entries(KOREAN_DENIED[mood], "|")) + rng.choice(KOREAN_END), shares
    return rng.choice(ENGLISH_WHEN) + rng.choice(_entries(ENGLISH_DENIED[mood], "|")) + rng.choice(ENGLISH_END), shares


def _neither(rng: random.Random, language: str) -> tuple[str, Shares]:
    """Denies two opposite feelings: mostly neutral."""
    moods = ["happiness", rng.choice(_UNPLEASANT)]
    rng.shuffle(moods)
    if language == "ko":
        one, other = (_korean_base(rng, mood) for mood in moods)
        return (
            f"{rng.choice(KOREAN_WHEN)}{one}지도 {other}지도 않{rng.choice(('았다', '은 날', '았어', '다', '네'))}",
            _EVEN,
        )
    one, other = (_english_feeling(rng, mood) for mood in moods)
    way = rng.choice(
        ("neither {} nor {}", "not {}, not {} either", "I'm not {} but I'm not {} either", "not exactly {}, nor {}")
    )
    return rng.choice(ENGLISH_WHEN) + way.format(one, other) + rng.choice(ENGLISH_END), _EVEN


def _not_but(rng: random.Random, language: str) -> tuple[str, Shares]:
    """Denies one feeling and names another."""
    denied, meant = rng.sample(EMOTIONS, 2)
    if language == "ko":
        one, other = _korean_feeling(rng, denied)[0], _korean_feeling(rng, meant)[0]
        way = rng.choice(("{}던 게 아니라 {}", "{}던 건 아니고 그냥 {}", "{}다기보다는 {}"))
        return rng.choice(KOREAN_WHEN) + way.format(one, other) + rng.choice(KOREAN_END), {meant: 1.0}
    one, other = (_english_feeling(rng, mood) for mood in (denied, meant))
    way = rng.choice(("I'm not {}, I'm {}", "not {}, just {}", "I wasn't {}, I was {}", "not so much {} as {}"))
    return way.format(one, other) + rng.choice(ENGLISH_END), {meant: 1.0}


def _no_longer(rng: random.Random, language: str) -> tuple[str, Shares]:
    """A feeling that has ended: mostly happy if it was unpleasant, mostly sad if it was happiness."""
    mood = rng.choice(("happiness", *_UNPLEASANT, *_UNPLEASANT))
    shares = {"sadness": 0.8, "neutral": 0.2} if mood == "happiness" else {"happiness": 0.7, "neutral": 0.3}
    if language == "ko":
        since = rng.choice(("이제 ", "이제는 ", "더 이상 ", "더는 ", "예전만큼 ", "이제 하나도 "))
        return (
            f"{since}{_korean_base(rng, mood)}지 않{rng.choice(('다', '았다', '아', '네', '아요', '습니다'))}",
            shares,
        )
    feeling = _english_feeling(rng, mood)
    way = rng.choice(("I'm not {} anymore", "no longer {}", "I don't feel {} anymore", "not {} any longer"))
    return way.format(feeling) + rng.choice(ENGLISH_END), shares


def _as_never(rng: random.Random, language: str) -> tuple[str, Shares]:
    """A superlative in the form of a negation (never so happy)."""
    mood = rng.choice([mood for mood in EMOTIONS if mood != "neutral"])
    if language == "ko":
        past = _korean_feeling(rng, mood)[0]
        return (
            f"{rng.choice(('이렇게 ', '이토록 ', '이만큼 '))}{past}던 적이 없{rng.choice(('다', '었다', '어', '네'))}",
            {mood: 1.0},
        )
    way = rng.choice(("never been so {}", "I have never been this {}", "I've never felt so {}", "never felt more {}"))
    return way.format(_english_feeling(rng, mood)) + rng.choice(ENGLISH_END), {mood: 1.0}


def _goes_on(rng: random.Random, language: str) -> tuple[str, Shares]:
    """A feeling that does not stop (cannot stop crying)."""
    mood = rng.choice(list(KOREAN_GOES_ON))
    if language == "ko":
        on = rng.choice(("그치지 않는다", "가라앉지 않았다", "가시질 않네", "멎지 않아", "사라지지 않는다"))
        return f"{rng.choice(KOREAN_WHEN)}{rng.choice(KOREAN_GOES_ON[mood].split())} {on}", {mood: 1.0}
    way = rng.choice(("I can't stop {}", "couldn't stop {}", "I can't help {}", "could not quit {}"))
    return way.format(rng.choice(_entries(ENGLISH_GOES_ON[mood]))) + rng.choice(ENGLISH_END), {mood: 1.0}


def _turn(rng: random.Random, language: str) -> tuple[str, Shares]:
    """Two feelings in turn; the second counts most."""
    before, after = rng.sample(EMOTIONS, 2)
    shares = {before: 0.25, after: 0.75}
    if language == "ko":
        join = rng.choice(("지만 ", "는데 ", "지만 결국 ", "는데 나중엔 "))
        return _korean_feeling(rng, before)[0] + join + _korean_feeling(rng, after)[0] + rng.choice(KOREAN_END), shares
    first, second = (_english_feeling(rng, mood) for mood in (before, after))
    text = rng.choice(("I was {} but now I'm {}", "felt {} at first, but ended up {}", "{} in the morning but {} later",
                       "I was {}, however I felt {} in the end"))  # fmt: skip
    return text.format(first, second) + rng.choice(ENGLISH_END), shares


def _event(rng: random.Random, language: str) -> tuple[str, Shares]:
    """An event, sometimes with the feeling that it brought."""
    mood = rng.choice(EMOTIONS)
    shares = {mood: 1.0} if mood == "neutral" else {mood: 0.85, "neutral": 0.15}
    if language == "ko":
        text = rng.choice(KOREAN_WHEN) + rng.choice(_entries(KOREAN_EVENTS[mood], "|"))
        if rng.random() < 0.3:
            return f"{text}다. {rng.choice(KOREAN_HOW)}{_korean_feeling(rng, mood)[0]}{rng.choice(KOREAN_END)}", {
                mood: 1.0
            }
        return text + rng.choice(KOREAN_END), shares
    text = rng.choice(ENGLISH_WHEN) + rng.choice(_entries(ENGLISH_EVENTS[mood], "|"))
    if rng.random() < 0.3:
        return f"{text}. I felt {_english_feeling(rng, mood)}{rng.choice(ENGLISH_END)}", {mood: 1.0}
    return text + rng.choice(ENGLISH_END), shares


def _routine(rng: random.Random, language: str) -> tuple[str, Shares]:
    """Two or three ordinary activities, or an errand."""
    if rng.random() < 0.5:
        return (_korean_errand if language == "ko" else _english_errand)(rng), {"neutral": 1.0}
    events = rng.sample(
        _entries((KOREAN_EVENTS if language == "ko" else ENGLISH_EVENTS)["neutral"], "|"), rng.choice((2, 3))
    )
    if language == "ko":
        return rng.choice(KOREAN_WHEN) + rng.choice(("고 ", "고, ", "다. ")).join(events) + "다", {"neutral": 1.0}
    return rng.choice((", then ", " and ", ", ", ". ")).join(events) + rng.choice(ENGLISH_END), {"neutral": 1.0}


def _sign(rng: random.Random, language: str) -> tuple[str, Shares]:
    """One to three emoji or emoticons, alone or after a neutral event."""
    mood = rng.choice(EMOTIONS)
    sign = rng.choice((*EMOJI[mood], *EMOTICONS[mood].split())) * rng.choice((1, 1, 2, 3))
    if rng.random() < 0.4:
        return sign, {mood: 1.0}
    if language == "ko":
        text = (
            rng.choice(KOREAN_WHEN)
            + rng.choice(_entries(KOREAN_EVENTS["neutral"], "|"))
            + rng.choice(("다", "음", "어"))
        )
    else:
        text = rng.choice(ENGLISH_WHEN) + rng.choice(_entries(ENGLISH_EVENTS["neutral"], "|"))
    return f"{text} {sign}", {mood: 0.8, "neutral": 0.2} if mood != "neutral" else {mood: 1.0}


def _korean_errand(rng: random.Random) -> str:
    place, other = rng.sample(
        ("회사", "학교", "집", "학원", "카페", "헬스장", "우체국", "사무실", "시장", "편의점", "강의실", "미용실"), 2
    )
    way = rng.choice(("{}에 갔다가 {}에 왔다", "{}에서 일하다가 {}에 갔다", "{}에서 밥을 먹고 {}에 들렀다",
                      "{}에서 공부했다",
                      "{}에 있다가 왔다", "{}에서 세 시간 있었다", "{} 갔다 왔음", "{}까지 걸어갔다",
                      "{}에서 {}로 이동"))  # fmt: skip
    return rng.choice(KOREAN_WHEN) + way.format(place, other)


def _english_errand(rng: random.Random) -> str:
    place, other = rng.sample(
        ("work", "school", "the office", "the store", "the gym", "the bank", "class", "the cafe"), 2
    )
    way = rng.choice(("went to {} and then to {}", "was at {} until five", "walked to {}", "stopped by {} after {}",
                      "spent the afternoon at {}", "drove from {} to {}", "went to {}, came home, went to bed",
                      "just a day at {}"))  # fmt: skip
    return rng.choice(("", "I ", "")) + way.format(place, other) + rng.choice(ENGLISH_END)
