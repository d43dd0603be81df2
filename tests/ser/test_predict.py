import io
import itertools
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from emotions import EMOTIONS
from inference.weights import WeightsError
from reading import Reading, Refusal
from ser import predict
from ser.model import Heard
from ser.predict import Recogniser
from tests.ser.conftest import RATE, FakeEar, encode, make_voice, wav_bytes


@pytest.fixture
def recogniser() -> Recogniser:
    return Recogniser([FakeEar(temperature=1.5, margin=0.2)])


@pytest.fixture
def files(tmp_path):
    (tmp_path / "clip.wav").write_bytes(wav_bytes(make_voice(2.0)))
    (tmp_path / "phone.m4a").write_bytes(encode(make_voice(1.5, 200, rate=44_100), "mp4", "aac", 44_100))
    (tmp_path / "text.wav").write_text("not a sound")
    (tmp_path / "silence.wav").write_bytes(wav_bytes(np.zeros(RATE)))
    (tmp_path / "empty.ogg").touch()
    return [str(tmp_path / name) for name in ("clip.wav", "text.wav", "phone.m4a", "silence.wav", "empty.ogg")]


def test_a_batch_is_answered_in_order(recogniser):
    told = recogniser.read([make_voice(2.0), np.zeros(16_000, np.float32), make_voice(0.2), make_voice(3.0, 220)])
    assert [type(one) for one in told] == [Reading, Refusal, Refusal, Reading]
    assert [told[1].code, told[2].code] == ["too_quiet", "too_short"]
    assert set(told[0].scores) == set(EMOTIONS)
    assert sum(told[0].scores.values()) == pytest.approx(1)
    assert told[0].source == "voice"
    assert told[0].model == "fake 1.0"
    assert 0 <= told[0].quality["weight"] <= 1


def test_an_empty_batch(recogniser):
    assert recogniser.read([]) == []


@pytest.mark.parametrize("bad", [np.full(16_000, np.nan), np.zeros((2, 16_000)), np.array([])])
def test_a_bad_wave_does_not_spoil_the_batch(recogniser, bad):
    told = recogniser.read([bad, make_voice(2.0)])
    assert isinstance(told[0], Refusal)
    assert isinstance(told[1], Reading)


def test_company_changes_no_answer(recogniser):
    waves = [make_voice(2.0, seed=seed) for seed in range(4)]
    assert recogniser.read(waves) == [recogniser.read([wave])[0] for wave in waves]


def test_threads_share_one_recogniser(recogniser):
    waves = [make_voice(1.0 + seed / 10, seed=seed) for seed in range(12)]
    alone = recogniser.read(waves)
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(lambda wave: recogniser.read([wave])[0], waves))
    assert together == alone


def test_close_calls_are_not_sure():
    wave = make_voice(2.0)
    assert Recogniser([FakeEar(margin=0.0)]).read([wave])[0].sure
    assert not Recogniser([FakeEar(margin=0.999)]).read([wave])[0].sure


def test_windows_cover_a_long_clip():
    wave = np.arange(27 * RATE, dtype=np.float32)
    windows = list(predict.cut(wave))
    assert all(window.size <= 10 * RATE for window in windows)
    assert windows[0][0] == 0
    assert windows[-1][-1] == wave[-1]
    assert all(later[0] <= earlier[-1] for earlier, later in itertools.pairwise(windows))
    assert len(list(predict.cut(wave[: 10 * RATE]))) == 1


class QuietIsSad(FakeEar):
    def hear(self, wave: np.ndarray) -> Heard:
        heard = super().hear(wave[:0])
        heard.logits[0, EMOTIONS.index("anger" if np.abs(wave).max() > 0.01 else "sadness")] = 6.0
        return heard


def test_windows_weigh_by_the_voice_in_them():
    hiss = np.random.default_rng(0).normal(0, 1e-4, 30 * RATE).astype(np.float32)
    scores = Recogniser([QuietIsSad()]).scores(np.concatenate([make_voice(6.0), hiss]))
    # Two windows hold the voice; without the weights the four of hiss would outvote them.
    assert scores[EMOTIONS.index("anger")] > 0.9


def test_two_ears_have_one_opinion():
    one = Recogniser([FakeEar(weight=1.0)]).scores(make_voice(2.0))
    two = Recogniser([FakeEar(weight=0.3), FakeEar(weight=0.7)]).scores(make_voice(2.0))
    assert np.allclose(one, two)


def run(arguments, recogniser, monkeypatch, capsys, stdin=""):
    loads = []
    monkeypatch.setattr(predict, "load", lambda folder: loads.append(folder) or recogniser)
    monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
    code = predict.main(arguments)
    assert len(loads) == 1
    out = capsys.readouterr()
    assert "Traceback" not in out.err + out.out
    return code, out.out.splitlines()


def test_json_lines(files, recogniser, monkeypatch, capsys):
    code, lines = run(["--json", *files], recogniser, monkeypatch, capsys)
    told = [json.loads(line) for line in lines]
    assert code == 1
    assert [one["path"] for one in told] == files
    good, bad = (told[0], told[2]), (told[1], told[3], told[4])
    for one in good:
        assert set(one) == {"path", "label", "scores", "sure", "quality"}
        assert set(one["scores"]) == set(EMOTIONS)
        assert one["label"] == max(one["scores"], key=one["scores"].get)
        assert isinstance(one["sure"], bool)
    for one in bad:
        assert set(one) == {"path", "error"}
        assert set(one["error"]) == {"code", "message"}
    assert [one["error"]["code"] for one in bad] == ["unreadable", "too_quiet", "unreadable"]


def test_all_read_is_zero(files, recogniser, monkeypatch, capsys):
    code, lines = run([files[0], files[2]], recogniser, monkeypatch, capsys)
    assert code == 0
    assert len(lines) == 2
    assert lines[0].startswith(f"{files[0]}: ")


def test_paths_from_standard_input(files, recogniser, monkeypatch, capsys):
    code, lines = run(["--json", "-"], recogniser, monkeypatch, capsys, f"{files[2]}\n\n{files[0]}\n")
    assert code == 0
    assert [json.loads(line)["path"] for line in lines] == [files[2], files[0]]


def test_missing_weights_are_named(tmp_path):
    with pytest.raises(WeightsError, match="git checkout"):
        predict.load(tmp_path)


def test_importing_the_recogniser_imports_no_training(tmp_path):
    code = "import sys, ser.predict, ser.explain, inference.personalise; print(*sorted(sys.modules))"
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {"ser.predict", "ser.quality"} <= set(modules)
    for unwanted in (
        "training.voice.train",
        "training.voice.corpora",
        "training.voice.evaluate",
        "librosa",
        "transformers",
        "sklearn",
        "streamlit",
    ):
        assert unwanted not in modules
