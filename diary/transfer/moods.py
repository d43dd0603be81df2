"""Suggests one of the seven moods for each mood of another diary; the person decides."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from emotions import SEVEN


@dataclass(frozen=True)
class MoodChoice:
    """One of the seven moods and its intensity."""

    mood: str
    intensity: int


USUAL_INTENSITY = 3
_SHORT = 4  # made is not mad
_LONGEST = 100  # a sentence is no mood, and a long run of accents takes long to normalise
# English words match whole words, longer ones also with any ending; Korean ones match anywhere. The longest match wins.
_WORDS = {
    ("happiness", 5): """rad awesome amazing ecstatic fantastic thrilled excellent perfect best
        최고 신나 신남 환상 황홀 완벽 매우좋 아주좋 너무좋 정말좋 굉장""",
    ("happiness", 4): """great happy joy excited proud loved wonderful
        행복 기쁨 기쁜 기뻐 즐거 설레 설렘 사랑 뿌듯 감동
        joyful passionate""",
    ("happiness", 3): """good glad cheerful grateful thankful fun nice relieved hopeful confident content
        pleasant amused satisfied brave
        좋음 좋은 좋아 좋다 감사 고마 만족 재미 유쾌 상쾌 희망 안심 다행""",
    ("neutral", 3): """meh ok okay neutral so-so average fine normal usual alright calm relaxed peaceful bored tired
        indifferent drained
        그럭저럭 그저그 보통 평범 쏘쏘 무난 평온 평안 차분 편안 잔잔 담담 덤덤 심심 지루 피곤 나른 괜찮""",
    ("surprise", 3): """surprise shock astonish amazed wow confused startled
        놀람 놀라 놀란 깜짝 충격 당황 황당 혼란""",
    ("fear", 3): """anxious anxiety fear fearful scared afraid worried worry nervous stress panic tense overwhelm
        불안 두려 무서 걱정 긴장 초조 공포 스트레스 떨림 겁""",
    ("disgust", 3): """disgust gross sick nausea hate contempt
        싫음 싫은 싫어 역겨 역겹 혐오 메스꺼 질색""",
    ("anger", 3): """angry anger annoyed frustrat irritat mad upset furious
        jealous
        화남 화난 화나 분노 짜증 열받 빡침 억울 답답""",
    ("sadness", 5): """awful terrible horrible worst miserable depress hopeless devastat
        끔찍 최악 절망 비참 우울 매우나쁨 아주나쁨 매우나빠 처참""",
    ("sadness", 3): """bad sad down lonely unhappy gloomy hurt crying disappoint
        unpleasant discouraged ashamed guilty embarrassed 불쾌
        나쁨 나쁜 나빠 슬픔 슬픈 슬퍼 별로 외로 쓸쓸 속상 힘듦 힘든 힘들 실망 눈물 지침 지친 안좋""",
}
_SUGGESTED = {word: MoodChoice(mood, strength) for (mood, strength), words in _WORDS.items() for word in words.split()}
_SUGGESTED |= {
    name: MoodChoice(emotion.key, USUAL_INTENSITY)
    for emotion in SEVEN
    for name in (emotion.key, emotion.ko.casefold(), emotion.en.casefold())
}
# Apple says "very pleasant" and "slightly unpleasant".
_DEGREES = {"very": 5, "slightly": 2, "매우": 5, "약간": 2}
# The scores of Pixels: five is best.
_SCORES = {
    "5": MoodChoice("happiness", 4),
    "4": MoodChoice("happiness", 2),
    "3": MoodChoice("neutral", USUAL_INTENSITY),
    "2": MoodChoice("sadness", 2),
    "1": MoodChoice("sadness", 4),
}


def suggest(name: str) -> MoodChoice | None:
    """One of the seven for a mood of another diary, or None if no word fits."""
    if len(name) > _LONGEST:
        return None
    words = re.findall(r"[\w-]+", unicodedata.normalize("NFKC", name).casefold())
    joined = "".join(words)  # people also write 매우 좋음 as 매우좋음
    if joined in _SCORES:
        return _SCORES[joined]
    matching = [known for known in _SUGGESTED if _matches(known, words, joined)]
    if not matching:
        return None
    found = _SUGGESTED[max(matching, key=len)]
    intensity = next((degree for word, degree in _DEGREES.items() if words[0] == word), None)
    return found if intensity is None else MoodChoice(found.mood, intensity)


def _matches(known: str, words: list[str], joined: str) -> bool:
    if not known.isascii():
        return known in joined
    return known in words or (len(known) > _SHORT and any(word.startswith(known) for word in words))
