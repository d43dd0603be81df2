import itertools
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from emotions import EMOTIONS
from inference.weights import WeightsError
from reading import Reading, Refusal
from ser import predict
from ser.describe import MEASURES
from ser.model import MemberOutput
from ser.predict import Recogniser, VoiceReading
from tests.ser.conftest import RATE, FakeMember, encode, make_voice, wav_bytes


@pytest.fixture
def recogniser() -> Recogniser:
    return Recogniser([FakeMember(temperature=1.5, margin=0.2)])


def test_a_batch_is_answered_in_order(recogniser):
    answers = recogniser.read([make_voice(2.0), np.zeros(16_000, np.float32), make_voice(0.2), make_voice(3.0, 220)])
    assert [type(answer) for answer in answers] == [VoiceReading, Refusal, Refusal, VoiceReading]
    assert [answers[1].code, answers[2].code] == ["too_quiet", "too_short"]
    assert set(answers[0].scores) == set(EMOTIONS)
    assert sum(answers[0].scores.values()) == pytest.approx(1)
    assert answers[0].source == "voice"
    assert answers[0].model == "fake 1.0"
    assert (recogniser.name, recogniser.version) == ("fake", "1.0")
    assert 0 <= answers[0].quality["weight"] <= 1


def test_a_reading_holds_how_the_voice_sounds_as_numbers(recogniser):
    high, low = recogniser.read([make_voice(2.0, 240), make_voice(2.0, 120)])
    assert set(MEASURES) <= high.quality.keys()
    assert all(isinstance(value, float) for value in high.quality.values())
    assert high.quality["pitch_hz"] > 1.7 * low.quality["pitch_hz"]


def test_it_decodes_what_it_is_given(recogniser, tmp_path):
    """Bytes and paths, of sound and of anything else, in one batch."""
    sound = encode(make_voice(1.5, 200, rate=44_100), "mp4", "aac", 44_100)
    (tmp_path / "phone.m4a").write_bytes(sound)
    (tmp_path / "text.wav").write_text("not a sound")
    silence = wav_bytes(np.zeros(RATE))
    given = [sound, tmp_path / "phone.m4a", str(tmp_path / "text.wav"), silence, b"", tmp_path / "nowhere.wav"]
    first, second, *refused = recogniser.read(given)
    assert isinstance(first, VoiceReading)
    assert first == second
    assert [answer.code for answer in refused] == ["unreadable", "too_quiet", "unreadable", "unreadable"]


def test_a_reading_keeps_ten_seconds_of_sound_and_nothing_more(recogniser):
    long = np.concatenate([np.zeros(5 * RATE), make_voice(25.0), np.zeros(5 * RATE)])
    short = np.concatenate([np.zeros(5 * RATE), make_voice(2.0), np.zeros(5 * RATE)])
    for wave, seconds in ((long, 10.0), (short, 2.0)):
        (reading,) = recogniser.read([wav_bytes(wave)])
        assert reading.wave.size / RATE == pytest.approx(seconds, abs=0.2)
        assert reading.wave.base is None  # a slice would hold the whole recording
        # An explanation names seconds of the recording, not of what is left of it.
        assert reading.begins == pytest.approx(5.0, abs=0.15)
        assert type(reading.plain()) is Reading
        assert "wave" not in repr(reading)
    (given,) = recogniser.read([make_voice(2.0)])
    assert given.begins == 0


def test_an_empty_batch(recogniser):
    assert recogniser.read([]) == []


@pytest.mark.parametrize("bad", [np.full(16_000, np.nan), np.zeros((2, 16_000)), np.array([])])
def test_a_bad_wave_does_not_spoil_the_batch(recogniser, bad):
    answers = recogniser.read([bad, make_voice(2.0)])
    assert isinstance(answers[0], Refusal)
    assert isinstance(answers[1], Reading)


def test_company_changes_no_answer(recogniser):
    waves = [make_voice(2.0, seed=seed) for seed in range(4)]
    assert recogniser.read(waves) == [recogniser.read([wave])[0] for wave in waves]


def test_threads_share_one_recogniser(recogniser):
    waves = [make_voice(1.0 + seed / 10, seed=seed) for seed in range(12)]
    alone = recogniser.read(waves)
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(lambda wave: recogniser.read([wave])[0], waves))
    assert together == alone


class ClearMember(FakeMember):
    def forward(self, wave: np.ndarray) -> MemberOutput:
        output = super().forward(wave[:0])
        output.logits[0, EMOTIONS.index("sadness")] = 4.0
        return output


def test_close_calls_are_not_sure():
    wave = make_voice(2.0)
    assert Recogniser([ClearMember(margin=0.0)]).read([wave])[0].sure
    assert not Recogniser([ClearMember(margin=0.999)]).read([wave])[0].sure
    assert not Recogniser([FakeMember(margin=0.0)]).read([wave])[0].sure, "no score is as high as .6"


def test_windows_cover_a_long_clip():
    wave = np.arange(27 * RATE, dtype=np.float32)
    windows = list(predict.windows(wave))
    assert all(window.size <= 10 * RATE for window in windows)
    assert windows[0][0] == 0
    assert windows[-1][-1] == wave[-1]
    assert all(later[0] <= earlier[-1] for earlier, later in itertools.pairwise(windows))
    assert len(list(predict.windows(wave[: 10 * RATE]))) == 1


class QuietIsSad(FakeMember):
    def forward(self, wave: np.ndarray) -> MemberOutput:
        output = super().forward(wave[:0])
        output.logits[0, EMOTIONS.index("anger" if np.abs(wave).max() > 0.01 else "sadness")] = 6.0
        return output


def test_windows_weigh_by_the_voice_in_them():
    hiss = np.random.default_rng(0).normal(0, 1e-4, 30 * RATE).astype(np.float32)
    scores = Recogniser([QuietIsSad()]).scores(np.concatenate([make_voice(6.0), hiss]))
    # Two windows hold the voice; without the weights the four of hiss would outvote them.
    assert scores[EMOTIONS.index("anger")] > 0.9


def test_two_members_have_one_opinion():
    one = Recogniser([FakeMember(weight=1.0)]).scores(make_voice(2.0))
    two = Recogniser([FakeMember(weight=0.3), FakeMember(weight=0.7)]).scores(make_voice(2.0))
    assert np.allclose(one, two)


def test_missing_weights_are_named(tmp_path):
    with pytest.raises(WeightsError, match="git checkout"):
        predict.load(tmp_path)


def test_it_warms_up(recogniser):
    recogniser.warm_up()
