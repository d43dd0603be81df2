"""One table: what GoEmotions' 28 labels and KOTE's 44 say of the seven moods.

Each row shares one label out over the seven; shares sum to one. Where a label is truly two things the row is
soft, and the largest share is what counts when a comment needs a single mood. The reasons:

- GoEmotions' largest shares are the authors' own Ekman grouping (Demszky et al. 2020, table of groups), so that
  figures compare with theirs. What a diary would call half calm is shared with neutral: approval, desire,
  curiosity, confusion and realization are often said with an even voice ("What time is it?" is no astonishment).
- KOTE has five annotators and keeps every label that any of them gave: eight labels a comment. Complaint and
  regret stand on four comments in ten and so say little; fear on one in forty and says much. Each label is
  therefore weighted by its information, the logarithm of how rare it is (`KOTE_FREQUENCY`, counted over the
  5,000 comments: a fact of the labelling, like the table, not of any model).
- Contempt and aversion (한심함, 우쭐댐/무시함, 증오/혐오) have no place of their own among the seven. Haru's
  disgust is called 싫음, aversion, in Korean, so it gets the larger part, and anger, with which they are given
  together in up to eight of ten comments, the rest.
- 어이없음 is being lost for words before nonsense: anger first, surprise second. 당황/난처 is surprise that one
  has to answer for, so half fear; 경악 is surprise at something bad.
- 없음 ("none") is neutral, the only label that is.
"""

from __future__ import annotations

import math

Shares = dict[str, float]


def _shares(row: str) -> Shares:
    """`"anger .6 surprise .4"` or a single mood."""
    parts = row.split()
    if len(parts) == 1:
        return {parts[0]: 1.0}
    return {mood: float(share) for mood, share in zip(parts[::2], parts[1::2], strict=True)}


GOEMOTIONS: dict[str, Shares] = {
    label: _shares(row)
    for label, row in {
        "admiration": "happiness",
        "amusement": "happiness",
        "anger": "anger",
        "annoyance": "anger",
        "approval": "happiness .6 neutral .4",
        "caring": "happiness .8 neutral .2",
        "confusion": "surprise .6 neutral .4",
        "curiosity": "surprise .6 neutral .4",
        "desire": "happiness .6 neutral .4",
        "disappointment": "sadness",
        "disapproval": "anger .8 neutral .2",
        "disgust": "disgust",
        "embarrassment": "sadness .7 fear .3",
        "excitement": "happiness .9 surprise .1",
        "fear": "fear",
        "gratitude": "happiness",
        "grief": "sadness",
        "joy": "happiness",
        "love": "happiness",
        "nervousness": "fear",
        "optimism": "happiness .8 neutral .2",
        "pride": "happiness",
        "realization": "surprise .6 neutral .4",
        "relief": "happiness",
        "remorse": "sadness",
        "sadness": "sadness",
        "surprise": "surprise",
        "neutral": "neutral",
    }.items()
}

KOTE: dict[str, Shares] = {
    label: _shares(row)
    for label, row in {
        "불평/불만": "anger .8 sadness .2",
        "환영/호의": "happiness",
        "감동/감탄": "happiness .8 surprise .2",
        "지긋지긋": "anger .5 disgust .5",
        "고마움": "happiness",
        "슬픔": "sadness",
        "화남/분노": "anger",
        "존경": "happiness",
        "기대감": "happiness .8 neutral .2",
        "우쭐댐/무시함": "disgust .6 anger .4",
        "안타까움/실망": "sadness",
        "비장함": "neutral .4 anger .2 fear .2 sadness .2",
        "의심/불신": "anger .5 fear .3 disgust .2",
        "뿌듯함": "happiness",
        "편안/쾌적": "happiness .7 neutral .3",
        "신기함/관심": "surprise .6 happiness .2 neutral .2",
        "아껴주는": "happiness",
        "부끄러움": "sadness .7 fear .3",
        "공포/무서움": "fear",
        "절망": "sadness .8 fear .2",
        "한심함": "disgust .6 anger .4",
        "역겨움/징그러움": "disgust",
        "짜증": "anger",
        "어이없음": "anger .6 surprise .4",
        "없음": "neutral",
        "패배/자기혐오": "sadness .8 disgust .2",
        "귀찮음": "neutral .5 anger .3 sadness .2",
        "힘듦/지침": "sadness .8 fear .2",
        "즐거움/신남": "happiness",
        "깨달음": "surprise .5 neutral .5",
        "죄책감": "sadness",
        "증오/혐오": "disgust .6 anger .4",
        "흐뭇함(귀여움/예쁨)": "happiness",
        "당황/난처": "surprise .5 fear .5",
        "경악": "surprise .5 disgust .25 fear .25",
        "부담/안_내킴": "fear .6 anger .4",
        "서러움": "sadness",
        "재미없음": "sadness .4 neutral .4 anger .2",
        "불쌍함/연민": "sadness",
        "놀람": "surprise",
        "행복": "happiness",
        "불안/걱정": "fear",
        "기쁨": "happiness",
        "안심/신뢰": "happiness .7 neutral .3",
    }.items()
}

KOTE_FREQUENCY: dict[str, int] = dict(
    zip(
        KOTE,
        (2144, 1121, 1293, 805, 656, 502, 1569, 485, 1387, 772, 2238, 399, 1479, 656, 451, 1288, 884, 286, 134, 455,
         1497, 482, 1872, 2061, 769, 183, 312, 477, 1273, 1029, 89, 974, 518, 1286, 695, 578, 234, 467, 668, 899,
         896, 928, 1182, 987),
        strict=True,
    )
)  # fmt: skip


def kote_weight(label: str) -> float:
    """How much a KOTE label says: the logarithm of its rarity among 5,000 comments."""
    return math.log(5000 / KOTE_FREQUENCY[label])
