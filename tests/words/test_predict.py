import json
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emotions import EMOTIONS
from inference.weights import WeightsError
from reading import Reading, Refusal
from tests.words.conftest import tiny_model
from words.predict import Recogniser, WordsReading, load
from words.text import MAX_CHARACTERS

_TINY = Recogniser(tiny_model())


def test_a_reading_for_each_line_at_its_place(tiny):
    answers = Recogniser(tiny).read(["happy", "", "슬펐다", "123", "집에 갔다"])
    assert [type(answer) for answer in answers] == [WordsReading, Refusal, WordsReading, Refusal, WordsReading]
    assert answers[1].code == "no_text"
    assert answers[3].code == "no_words"
    assert answers[0].source == "words"
    assert answers[0].model == "tiny 0"
    assert (Recogniser(tiny).name, Recogniser(tiny).version, Recogniser(tiny).margin) == ("tiny", "0", 0.1)


def test_no_lines_no_readings(tiny):
    assert Recogniser(tiny).read([]) == []
    assert [answer.code for answer in Recogniser(tiny).read(["", "١٢٣"])] == ["no_text", "no_words"]


def test_company_changes_nothing(tiny):
    recogniser = Recogniser(tiny)
    lines = ["happy", "sad 슬펐다", "went home"] * 200
    together, alone = recogniser.read(lines), [recogniser.read([line])[0] for line in lines[:3]]
    for number, reading in enumerate(together):
        assert np.allclose(list(reading.scores.values()), list(alone[number % 3].scores.values()), atol=1e-5)


@given(st.text(max_size=2000))
def test_any_text_is_read_or_refused(text):
    [answer] = _TINY.read([text])
    if isinstance(answer, Reading):
        assert set(answer.scores) == set(EMOTIONS)
        assert 0 <= answer.quality["weight"] <= 1
        assert 0 <= answer.quality["known"] <= 1


@settings(max_examples=6, deadline=None)
@given(st.text(alphabet="가행복ㅋ안 \n.!aé😊\u0301\x00\ud800", min_size=2000, max_size=4000))
def test_long_text_is_read_or_refused(text):
    assert isinstance(_TINY.read([text * 8])[0], Reading | Refusal)


@pytest.mark.slow
@pytest.mark.parametrize(
    "line", ["가", "a", "오늘 안 좋았지만 happy!! 😊ㅠㅠ ", "행복 ", "!?", ";;", "<3", "^", "_", "[", "'", "not "]
)
def test_time_is_linear_up_to_the_last_character(shipped, line):
    longest = (line * MAX_CHARACTERS)[:MAX_CHARACTERS]

    def taken(text):
        started = time.thread_time()  # the processor's own time
        shipped.read([text])
        return time.thread_time() - started

    def is_linear():
        # Ten times the length: ten times as long if linear, a hundred times if quadratic.
        return taken(longest) < 30 * taken(longest[: MAX_CHARACTERS // 10]) + 0.1

    # One of three tries is enough: other programs on the machine empty the processor's caches.
    assert any(is_linear() for _ in range(3))


def test_threads_share_one_recogniser(shipped):
    lines = ["오늘 행복했다", "I am sad", "그냥 집에 있었다"]
    wanted, found = shipped.read(lines), []
    threads = [threading.Thread(target=lambda: found.append(shipped.read(lines))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [wanted] * 8


def test_a_tongue_it_does_not_know_is_not_sure(shipped):
    for line in ["Ich habe gestern meine Schlüssel verlegt", "Wczoraj zgubiłem klucze przy dworcu", "qwrtz plmk vbnx"]:
        [answer] = shipped.read([line])
        assert not answer.sure
        assert answer.quality["weight"] <= 0.5


PLAIN = [
    ("오늘 정말 행복했다", "happiness"), ("I am so happy today", "happiness"), ("😊😊", "happiness"),
    ("너무 슬퍼서 울었다 ㅠㅠ", "sadness"), ("I feel sad and lonely", "sadness"), ("😭", "sadness"),
    ("진짜 화난다", "anger"), ("I am so angry at him", "anger"), ("😡", "anger"),
    ("너무 무섭고 불안하다", "fear"), ("I'm scared and anxious", "fear"), ("😱", "fear"),
    ("🤢🤢", "disgust"), ("🥺", "sadness"), ("🤬", "anger"),
    ("역겨워서 토할 것 같다", "disgust"), ("That was disgusting, gross", "disgust"), ("🤮", "disgust"),
    ("깜짝 놀랐다", "surprise"), ("I was so surprised", "surprise"),
    ("밥을 먹고 청소를 했다", "neutral"), ("I took the bus, then cleaned the kitchen.", "neutral"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "mood"), PLAIN)
def test_plain_words_are_read_plainly(shipped, line, mood):
    [reading] = shipped.read([line])
    assert reading.label == mood


@pytest.mark.parametrize(
    ("said", "denied", "mood"),
    [
        ("오늘 행복했다", "오늘 행복하지 않았다", "happiness"),
        ("기분이 좋다", "기분이 안 좋다", "happiness"),
        ("오늘 즐거웠어", "오늘 하나도 안 즐거웠어", "happiness"),
        ("I'm happy", "I'm not happy", "happiness"),
        ("I feel good today", "I don't feel good today", "happiness"),
        ("무서웠다", "무섭지 않았다", "fear"),
        ("I am afraid", "I am not afraid", "fear"),
        ("화났어", "화 안 났어", "anger"),
        ("I'm angry", "I'm not angry at all", "anger"),
    ],
)
def test_negation_turns_the_reading(shipped, said, denied, mood):
    yes, no = shipped.read([said, denied])
    assert yes.label == mood
    assert no.label != mood
    assert no.scores[mood] < yes.scores[mood] / 2


def test_the_shipped_weights_are_small_and_say_what_they_are(shipped):
    from words.model import WEIGHTS, tokenizer_file

    assert WEIGHTS.stat().st_size + tokenizer_file(WEIGHTS).stat().st_size <= 45_000_000
    for key in ("name", "version", "labels", "training_data", "licence", "calibration", "margin"):
        assert key in shipped.words_model.meta


def test_missing_and_broken_weights_say_what_to_do(tmp_path):
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"no weights")
    for path in (tmp_path / "none.safetensors", broken):
        with pytest.raises(WeightsError, match="restore"):
            load(path)


def test_the_command_reads_arguments_and_standard_input():
    """The shipped weights from a shell; tests/inference/test_cli.py has the rest."""
    done = subprocess.run(
        [sys.executable, "-m", "words.predict", "--json", "오늘 행복했다", "", "-"],
        input="I am sad\n\xff\xfe\n123\n".encode("latin-1"),
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1
    assert done.stderr == b""
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == 5
    assert set(answers[0]) == {"text", "label", "scores", "sure", "quality"}
    assert answers[0]["text"] == "오늘 행복했다"
    assert answers[1] == {"text": "", "error": {"code": "no_text", "message": answers[1]["error"]["message"]}}
    assert answers[2]["label"] == "sadness"
    assert [answers[n]["error"]["code"] for n in (3, 4)] == ["no_text", "no_words"]


def test_it_warms_up(tiny):
    Recogniser(tiny).warm_up()
