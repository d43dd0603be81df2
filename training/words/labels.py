"""Maps GoEmotions' 28 labels and KOTE's 44 to shares of the seven moods.

The shares of a label sum to one. Where a comment needs a single mood, the largest share counts. The reasons:

- GoEmotions' largest shares are the authors' own Ekman groups (Demszky et al. 2020), so that figures compare with
  theirs. Approval, desire, curiosity, confusion and realization are often calm ("What time is it?"), so neutral gets
  a share of them.
- KOTE keeps every label that any of five annotators gave: eight labels a comment. Four comments in ten have complaint
  or regret, which therefore say little; one in forty has fear. The weight of a label is the logarithm of its rarity
  (`KOTE_FREQUENCY`, counted over the 5,000 comments).
- Contempt and aversion (한심함, 우쭐댐/무시함, 증오/혐오) have no mood of their own. Disgust gets the larger share,
  because Haru calls it 싫음, aversion, in Korean. Anger gets the rest: up to eight of ten comments have both.
- 어이없음 is speechlessness at nonsense: anger first, surprise second. 당황/난처 is an awkward surprise, so half fear;
  경악 is surprise at something bad.
- 없음 ("none") is the only neutral label.
"""

from __future__ import annotations

import math

Shares = dict[str, float]


def parse_shares(row: str) -> Shares:
    """Parses `"anger .6 surprise .4"` or a single mood."""
    parts = row.split()
    if len(parts) == 1:
        return {parts[0]: 1.0}
    return {mood: float(share) for mood, share in zip(parts[::2], parts[1::2], strict=True)}


GOEMOTIONS: dict[str, Shares] = {
    label: parse_shares(row)
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
    label: parse_shares(row)
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
    """The weight of a KOTE label: the logarithm of its rarity among 5,000 comments."""
    return math.log(5000 / KOTE_FREQUENCY[label])


PLUTCHIK: dict[str, Shares] = {
    "anger": {"anger": 1.0},
    "anticipation": {"neutral": 0.6, "happiness": 0.2, "fear": 0.2},
    "disgust": {"disgust": 1.0},
    "fear": {"fear": 1.0},
    "happiness": {"happiness": 1.0},
    "neutral": {"neutral": 1.0},
    "sadness": {"sadness": 1.0},
    "surprise": {"surprise": 1.0},
    "trust": {"neutral": 0.6, "happiness": 0.4},
}
"""The labels of the film subtitles."""
