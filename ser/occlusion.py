"""Reads a clip without one of its parts: what the answer of the ConvNeXts over Whisper's frames owes to each moment.

The frames of a part are replaced by the mean of all others, after the encoder: it runs once, and no window cuts a sound
in two. The committee gets the statistics without the part.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import torch
from torch import Tensor

from ser.frames import FrameNet, frames_of
from ser.members import FramesMember, whisper_batch
from ser.model import LAYERS, MemberOutput, statistics
from ser.transformer import encoder_mask

FRAME = 0.04
"""Seconds of a frame."""
WINDOW, STEP = 12, 6
"""Frames of a part, about half a second, and between two parts."""
_SHORTEST = 3
"""At least this many windows fit into a clip, so the windows of a short one are shorter."""
_AT_ONCE = 4
"""Parts in a batch: always as many, because a process remembers a plan for each shape that it meets."""

Part = tuple[int, int]
"""The first frame of a part, and the one after its last."""


def parts_of(count: int) -> list[Part]:
    """Overlapping parts that cover `count` frames; none where there are too few frames to leave some out."""
    length = min(WINDOW, count // _SHORTEST)
    if length < 1:
        return []
    last, step = count - length, max(1, length * STEP // WINDOW)
    return [(start, start + length) for start in [*range(0, last, step), last]]


class EncodedClip:
    """A clip as Whisper's encoder hears it."""

    @torch.inference_mode()
    def __init__(self, member: FramesMember, wave: np.ndarray) -> None:
        mel, mask = whisper_batch(wave)
        inside = encoder_mask(mask)
        outputs = member.model.encoder(mel, mask)
        self._classifier = member.model
        self._frames, sound = frames_of(outputs, inside)
        self._inside = sound.float()[..., None]
        self._outputs = [output[:, : int(inside.sum())] for output in outputs[slice(*LAYERS)]]
        self.count = int(sound.sum())
        """Frames of sound; the others are padding."""
        self._local = [net.local(self._frames, self._inside) for net in self._nets]
        pooled, weights = zip(
            *(net.pool(x, self._inside) for net, x in zip(self._nets, self._local, strict=True)), strict=True
        )
        self.attention: np.ndarray = torch.stack(weights).mean(0)[0, : self.count].numpy()
        """The weight of each frame in the pooling, averaged over the networks; sums to one."""
        each = [net.answer(one) for net, one in zip(self._nets, pooled, strict=True)]
        other = self._classifier.committee(statistics(self._outputs))
        self.output: MemberOutput = other._replace(logits=self._mixed([one.logits for one in each], other.logits))
        """The answer to the whole clip."""

    @property
    def _nets(self) -> list[FrameNet]:
        return cast(list[FrameNet], list(self._classifier.nets))

    @torch.inference_mode()
    def without(self, parts: Sequence[Part]) -> np.ndarray:
        """(parts, classes): the logits of the clip without each part; all parts have one length."""
        answers = []
        for place in range(0, len(parts), _AT_ONCE):
            some = list(parts[place : place + _AT_ONCE])
            filled = some + [some[-1]] * (_AT_ONCE - len(some))
            ours = [self._answers(net, x, filled) for net, x in zip(self._nets, self._local, strict=True)]
            other = self._classifier.committee(self._statistics(filled))
            answers.append(self._mixed(ours, other.logits)[: len(some)])
        return torch.cat(answers).numpy()

    def _mixed(self, ours: Sequence[Tensor], other: Tensor) -> Tensor:
        share = self._classifier.share
        return share * torch.stack([logits.log_softmax(-1) for logits in ours]).mean(0) + (1 - share) * other

    def _answers(self, net: FrameNet, whole: Tensor, parts: Sequence[Part]) -> Tensor:
        """(parts, classes) of one network. Only what a part reaches is computed again, which saves most of the time."""
        reach, end = net.reach, whole.shape[1]
        length = parts[0][1] - parts[0][0]
        width = min(end, length + 4 * reach)
        # The border of a piece is wrong as far as the convolutions reach; the part's own reach lies inside that.
        starts = [min(max(0, first - 2 * reach), end - width) for first, _ in parts]
        pieces = torch.cat([self._frames[:, start : start + width] for start in starts])
        inside = torch.cat([self._inside[:, start : start + width] for start in starts])
        total = self._frames[0, : self.count].sum(0)
        for piece, start, (first, after) in zip(pieces, starts, parts, strict=True):
            rest = (total - self._frames[0, first:after].sum(0)) / (self.count - length)
            piece[first - start : after - start] = rest
        local = net.local(pieces, inside)
        x = whole.repeat(len(parts), 1, 1)
        for place, (start, (first, after)) in enumerate(zip(starts, parts, strict=True)):
            low, high = max(0, first - reach), min(end, after + reach)
            x[place, low:high] = local[place, low - start : high - start]
        pooled, _ = net.pool(x, self._inside.expand(len(parts), -1, -1))
        return net.answer(pooled).logits

    def _statistics(self, parts: Sequence[Part]) -> Tensor:
        """(parts, layers, 2 · width): as `ser.model.statistics`, each without one part, by two products of matrices."""
        frames = torch.stack([output[0].float() for output in self._outputs])
        middle = frames.mean(1, keepdim=True)
        centred = frames - middle
        stays = torch.ones(len(parts), frames.shape[1])
        for row, (first, after) in zip(stays, parts, strict=True):
            row[2 * first : 2 * after] = 0  # the encoder has two outputs for each frame
        count = stays.sum(1)[:, None]
        mean = (stays / count) @ centred
        square = (stays / count) @ centred.square() - mean.square()
        spread = (square * count / (count - 1).clamp_min(1) + 1e-8).clamp_min(1e-8).sqrt()
        return torch.cat([mean + middle, spread], -1).transpose(0, 1)
