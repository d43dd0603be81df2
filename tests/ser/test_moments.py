"""The moment that spoke most: found where it was planted, named only where it stands out, described beside the rest."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from emotions import EMOTIONS
from ser import explain, members, moments
from ser.explain import Times
from ser.explain_chart import ChartWords, figure
from ser.frames import FrameNet, FramesClassifier, FrameShape
from ser.members import LABELS, FramesMember, MelMember
from ser.model import Committee, StatisticsHead
from ser.occlusion import FRAME, parts_of
from ser.predict import Recogniser
from tests.ser.conftest import RATE, FakeMember, make_voice
from tests.ser.test_explain import recogniser as mel_recogniser  # noqa: F401  (a fixture)
from tests.ser.test_frames_member import tiny_member

WORDS = ChartWords("seconds", "hertz", "attention", "without")


class HearsTone(torch.nn.Module):
    """An encoder whose every output tells in its first channel whether a tone of 3 kHz sounds; the others are zero."""

    width, layers = 64, [None] * 3

    def forward(self, mel: torch.Tensor, mask: torch.Tensor | None = None) -> list[torch.Tensor]:
        heard = torch.zeros(len(mel), mel.shape[-1] // 2, self.width)
        heard[..., 0] = (mel[:, 54, ::2] > 0).float()  # the band of 3 kHz
        return [heard] * 3


def tone_member() -> FramesMember:
    """Anger is the share of the clip in which the tone sounds, for the ConvNeXt and for the committee."""
    torch.manual_seed(0)
    net = FrameNet(FrameShape(layers=2, width=64, channels=8, blocks=1), len(LABELS))
    head = StatisticsHead(2, 64, len(LABELS), 8)
    with torch.no_grad():
        for parameter in (*net.parameters(), *head.parameters()):
            parameter.zero_()
        # A norm would hide how much of the clip the tone fills.
        net.norm = net.after = head.norm = torch.nn.Identity()
        net.stem.weight[0, 0] = head.narrow.weight[0, 0] = 1.0
        net.out.weight[LABELS.index("anger"), 0] = head.out.weight[LABELS.index("anger"), 0] = 20.0
    model = FramesClassifier(HearsTone(), [net], Committee([head]), 0.7)  # pyright: ignore[reportArgumentType]
    return FramesMember(model.eval().requires_grad_(False), members.describe("frames", "tone", "none"))


def with_tone(start: float, end: float, seconds: float = 4.0) -> np.ndarray:
    """A low hum, with a tone of 3 kHz in it."""
    time = np.arange(round(seconds * RATE)) / RATE
    hum = sum(np.sin(2 * np.pi * 150 * harmonic * time) / harmonic for harmonic in range(1, 12))
    tone = np.sin(2 * np.pi * 3000 * time) * ((time >= start) & (time < end))
    return (0.1 * hum + 0.3 * tone).astype(np.float32)


@pytest.mark.parametrize(("start", "end"), [(0.0, 0.5), (1.5, 2.0), (3.5, 4.0)])
def test_a_planted_moment_is_found(start: float, end: float) -> None:
    found = explain.explain(Recogniser([tone_member()]), with_tone(start, end), "anger", begins=2.0)
    assert isinstance(found, Times)
    assert found.moment is not None
    assert found.moment.start == pytest.approx(2 + start, abs=0.3)
    assert found.moment.end == pytest.approx(2 + end, abs=0.3)
    assert found.moment.score_without < found.moment.score - moments.LEAST_FALL
    highest = found.seconds[found.falls >= found.falls.max() - 1e-6]
    assert 2 + start - 0.3 <= highest.min() <= highest.max() <= 2 + end + 0.3


def test_the_scores_are_those_of_the_reading() -> None:
    recogniser, wave = Recogniser([tone_member(), FakeMember()]), with_tone(1.0, 1.6)
    found = explain.explain(recogniser, wave, "anger")
    assert isinstance(found, Times)
    assert found.moment is not None
    scores = recogniser.adapted(*recogniser.scores_and_distance(wave))
    assert found.moment.score == pytest.approx(scores[EMOTIONS.index("anger")], abs=1e-6)


@pytest.mark.parametrize("wave", [with_tone(0, 0), with_tone(0, 4)], ids=["nowhere", "everywhere"])
def test_evidence_that_lies_nowhere_or_everywhere_names_no_moment(wave: np.ndarray) -> None:
    found = explain.explain(Recogniser([tone_member()]), wave, "anger")
    assert isinstance(found, Times)
    assert (found.moment, found.looked) == (None, None)


@pytest.mark.parametrize("seconds", [0.03, 0.5, 2.0, 10.0, 14.0])
def test_clips_of_any_length_are_explained(seconds: float) -> None:
    found = explain.explain(Recogniser([tiny_member()]), make_voice(seconds))
    assert isinstance(found, Times)
    assert found.seconds.shape == found.attention.shape == found.falls.shape
    assert found.seconds[-1] == pytest.approx(min(seconds, 10.0), abs=FRAME)
    assert found.picture.seconds[-1] == pytest.approx(min(seconds, 10.0), abs=0.1)
    assert found.attention.sum() == pytest.approx(1, abs=1e-5)
    assert np.isfinite(found.falls).all()
    figure(found, WORDS).to_json()


def test_the_chart_names_both_traces_and_frames_the_moment() -> None:
    found = explain.explain(Recogniser([tone_member()]), with_tone(1.0, 1.6), "anger", begins=3.0)
    assert isinstance(found, Times)
    assert found.moment is not None
    chart = figure(found, WORDS)
    assert [annotation.text for annotation in chart.layout.annotations] == ["attention", "without"]
    assert [trace.type for trace in chart.data] == ["heatmap", "scatter", "bar"]
    assert {(shape.x0, shape.x1) for shape in chart.layout.shapes} == {(found.moment.start, found.moment.end)}
    assert min(chart.data[2].x) == pytest.approx(3 + FRAME / 2)


def test_frames_are_explained_before_a_spectrogram(mel_recogniser: Recogniser) -> None:  # noqa: F811
    both = Recogniser([*mel_recogniser.members, tiny_member()])
    assert isinstance(explain.explain(both, make_voice(1.0)), Times)
    assert any(isinstance(member, MelMember) for member in both.members)
    assert isinstance(explain.explain(mel_recogniser, make_voice(1.0)), explain.Places)


def test_a_moment_grows_over_neighbours_that_count_too_but_stays_a_moment() -> None:
    parts = parts_of(125)
    falls = np.zeros(len(parts))
    falls[[4, 5, 6]] = 0.6, 1.0, 0.4
    assert moments.strongest(parts, falls, 125) == (parts[4][0], parts[5][1])
    start, end = moments.strongest(parts, np.ones(len(parts)), 125)
    assert end - start <= 125 / 3


def test_a_frame_has_the_mean_of_the_parts_that_hold_it() -> None:
    assert moments.over_frames([(0, 2), (1, 3)], np.array([1.0, 3.0]), 3).tolist() == [1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    ("falls", "score", "without", "is_named"),
    [
        ([0.1, 0.1, 1.0], 0.62, 0.41, True),
        ([0.1, 0.1, 1.0], 0.62, 0.60, False),  # too small to matter
        ([0.9, 0.9, 1.0], 0.62, 0.41, False),  # every moment counts as much
        ([-0.5, -0.4, 0.4], 0.30, 0.20, True),
        ([-0.5, -0.4, -0.3], 0.30, 0.40, False),
    ],
)
def test_only_what_stands_out_is_named(falls: list[float], score: float, without: float, is_named: bool) -> None:
    assert moments.stands_out(np.array(falls), score, without) is is_named


def test_attention_is_named_where_it_gathers() -> None:
    even, gathered = np.full(100, 0.01), np.full(100, 0.005)
    gathered[40:60] += 0.025
    assert moments.looked_most(even, parts_of(100)) is None
    found = moments.looked_most(gathered, parts_of(100))
    assert found is not None
    assert 36 <= found[0] < found[1] <= 64


def test_a_voice_that_drops_is_described_beside_the_rest() -> None:
    first, second = make_voice(3.0, pitch=220.0), 0.2 * make_voice(1.4, pitch=120.0)
    found = moments.voice_there(np.concatenate([first, second]), (75, 110))
    assert found is not None
    assert found.beside_rest["pitch_hz"] is False
    assert found.beside_rest["loudness_db"] is False
    assert found.measured["pitch_hz"] < 150
    assert "pitch_range" not in found.measured


def test_a_voice_that_stays_is_like_the_rest() -> None:
    wave = np.tile(make_voice(0.5), 8)
    found = moments.voice_there(wave, (25, 50))
    assert found is not None
    assert found.beside_rest == {}


def test_half_a_second_has_no_speed_and_a_pause_no_voice() -> None:
    wave = np.concatenate([make_voice(2.0), np.zeros(RATE, np.float32), make_voice(2.0)])
    found = moments.voice_there(wave, (0, 12))
    assert found is not None
    assert "syllables" not in found.measured
    assert moments.voice_there(wave, (52, 72)) is None


def test_a_moment_of_silence_is_a_pause_and_speech_is_none() -> None:
    wave = np.concatenate([make_voice(2.0), np.zeros(RATE, np.float32), make_voice(2.0)])
    assert moments.is_pause(wave, (52, 72))
    assert moments.is_pause(wave, (56, 78))  # a little of the voice that follows
    assert not moments.is_pause(wave, (0, 12))
    assert moments.is_pause(np.zeros(RATE, np.float32), (0, 12))
