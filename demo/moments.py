"""The three prepared moments of the demo: a picture, a recording and a line each, which the models then read.

Nothing of the result is prepared. The recordings are of people who act (CREMA-D). They were chosen because the shipped
model reads them as these moments need, so they prove nothing about how well it reads (assets/samples/CREDITS.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from demo import samples


@dataclass(frozen=True)
class Moment:
    name: str
    recording: str
    """The file in assets/samples. In all three recordings the actor says "I would like a new alarm clock"."""
    line: Mapping[str, str]
    """By language."""
    mood: str
    """What is right: the mood that the actor meant."""

    @property
    def sound(self) -> bytes:
        return (samples.FOLDER / self.recording).read_bytes()

    @property
    def picture(self) -> bytes:
        return samples.FACE.read_bytes()


AGREE = Moment(
    "agree",
    "1063_IWL_HAP_XX.opus",
    {
        "ko": "오늘 결과가 나왔는데, 드디어 붙었다! 정말 기쁘다.",
        "en": "The results came out today, and I passed! I am so happy.",
    },
    "happiness",
)
CONTRADICT = Moment(
    "contradict",
    "1063_IWL_SAD_XX.opus",
    {
        "ko": "공항에서 헤어지고 오는 길에 계속 울었다. 벌써 너무 보고 싶다.",
        "en": "We said goodbye at the airport. I cried all the way home, and I miss her already.",
    },
    "sadness",
)
# Irony, and a sad voice that the model takes for a happy one.
WRONG = Moment(
    "wrong",
    "1078_IWL_SAD_XX.opus",
    {
        "ko": "참 잘됐다. 이번 주말도 혼자다. 정말 행복하다.",
        "en": "Great, the whole weekend alone again. What a lovely weekend.",
    },
    "sadness",
)
MOMENTS = (AGREE, CONTRADICT, WRONG)
