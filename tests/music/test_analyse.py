import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from inference.weights import WeightsError
from music import analyse, mood_model, plane
from music.analyse import TrackAnalyser, TrackAnalysis
from music.audio import SAMPLE_RATE
from music.emotion_groups import FOUR
from music.place import EIGHT, UNDECIDED
from reading import Refusal
from tests.music.sounds import MINOR, encoded, song


@pytest.fixture(scope="module")
def analyser() -> TrackAnalyser:
    return analyse.load()


@pytest.fixture(scope="module")
def answer(analyser) -> TrackAnalysis:
    found = analyser.read_one(encoded(song(120, seconds=20)))
    assert isinstance(found, TrackAnalysis)
    return found


def test_an_answer_is_whole(answer):
    assert -1 <= answer.valence <= 1
    assert -1 <= answer.arousal <= 1
    assert answer.emotion8 in (*EIGHT, UNDECIDED)
    assert tuple(answer.scores4) == FOUR
    assert sum(answer.scores4.values()) == pytest.approx(1)
    assert answer.emotion4 == max(answer.scores4, key=answer.scores4.get)
    assert answer.seconds == pytest.approx(20, abs=0.1)
    assert answer.features["tempo"] == pytest.approx(120, rel=0.06)
    assert str(answer.key) == "C major"
    assert answer.features["mode"] > 0


def test_the_chart_shows_the_track(answer, analyser):
    chart = answer.chart
    assert chart.waveform.shape == (1200, 2)
    assert (chart.waveform[:, 0] <= chart.waveform[:, 1]).all()
    assert np.abs(chart.waveform).max() == pytest.approx(0.4, abs=0.01)
    assert chart.waveform_seconds[-1] == pytest.approx(20, abs=0.1)
    assert chart.mel.shape == (64, chart.mel_seconds.size)
    assert chart.mel.max() <= 0
    assert chart.mel.min() >= -80
    # The loudest band of a chord on middle C lies between the low tones and the overtones.
    loudest = chart.mel_hertz[chart.mel.mean(1).argmax()]
    assert 200 < loudest < 800
    assert (np.diff(chart.mel_hertz) > 0).all()


def test_silence_at_the_end_is_seen_at_the_end(analyser):
    found = analyser.read_one(encoded(np.concatenate([song(seconds=10), np.zeros(10 * SAMPLE_RATE)])))
    tall = np.ptp(found.chart.waveform, axis=1)
    assert tall[: len(tall) // 2 - 5].mean() > 50 * tall[len(tall) // 2 + 5 :].mean()


def test_a_batch_keeps_its_order_and_the_rest_is_answered(analyser, tmp_path):
    (tmp_path / "text.mp3").write_text("no music\n" * 50)
    answers = analyser.read(
        [
            encoded(song(seconds=8)),
            tmp_path / "text.mp3",
            encoded(np.zeros(8 * SAMPLE_RATE)),
            encoded(song(seconds=2)),
            encoded(song(100, MINOR, 8)),
        ]
    )
    assert [type(answer) for answer in answers] == [TrackAnalysis, Refusal, Refusal, Refusal, TrackAnalysis]
    assert [answer.code for answer in answers if isinstance(answer, Refusal)] == ["unreadable", "silent", "too_short"]
    assert answers[0].features["mode"] > 0 > answers[4].features["mode"]


def test_threads_may_share_one(analyser):
    files = [encoded(song(beats, seconds=6)) for beats in (60, 90, 130, 170)]
    alone = [analyser.read_one(file).as_dict() for file in files]
    with ThreadPoolExecutor(4) as pool:
        together = [found.as_dict() for found in pool.map(analyser.read_one, files * 2)]
    assert together == alone * 2


def test_command_line(tmp_path):
    (tmp_path / "song.wav").write_bytes(encoded(song(seconds=8)))
    (tmp_path / "text.wav").write_text("no music\n" * 50)
    paths = [str(tmp_path / name) for name in ("text.wav", "song.wav", "nowhere.wav")]
    done = subprocess.run(
        [sys.executable, "-m", "music.analyse", "--json", *paths], capture_output=True, text=True, timeout=250
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["path"] for answer in answers] == paths
    assert [answer.get("error", {}).get("code") for answer in answers] == ["unreadable", None, "unreadable"]
    assert {"valence", "arousal", "emotion8", "emotion4", "scores4", "features"} <= answers[1].keys()
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_the_plain_line(capsys, tmp_path):
    (tmp_path / "song.wav").write_bytes(encoded(song(seconds=8)))
    assert analyse.main([str(tmp_path / "song.wav")]) == 0
    assert "beats a minute, C major" in capsys.readouterr().out


def test_missing_weights_are_one_sentence(monkeypatch, capsys):
    def missing():
        raise WeightsError("The weights are missing; restore them.")

    monkeypatch.setattr(analyse, "load", missing)
    assert analyse.main(["song.wav"]) == 1
    assert capsys.readouterr().err == "The weights are missing; restore them.\n"


def test_weights_are_small():
    assert sum(file.stat().st_size for file in plane.WEIGHTS.parent.glob("*")) <= 5_000_000
    assert mood_model.WEIGHTS.parent == plane.WEIGHTS.parent
