"""Voice memos are checked, written down and read in the background, each on its own."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from datetime import date
from datetime import time as clock

import pytest

from diary import days
from inference.recording_date import RecordingDate
from reading import Refusal
from ser import audio
from tests.sounds import spoken
from tests.understanding.fake_speech import FakeTranscriber, speech_of
from tests.understanding.fakes import HOW, analyst_of
from tests.understanding.test_live import until
from understanding import fusion, voice_memos
from understanding.voice_memos import Held, Memo, MemoFile, MemoReader, Readers, State

ZONE = "Asia/Seoul"
TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fusion, "settings", lambda: HOW)
    monkeypatch.setattr(voice_memos, "_POLL", 0.01)
    monkeypatch.setattr(days, "today", lambda _: TODAY)


@pytest.fixture
def reader() -> Iterator[MemoReader]:
    made = MemoReader()
    yield made
    made.close()


def file(number: int, seconds: float = 1.0, name: str | None = None) -> MemoFile:
    return MemoFile(f"file {number}", name or f"memo {number}.m4a", spoken(seconds, 100.0 + number))


def readers(transcriber: FakeTranscriber | None = None, voice: bool = True, **sources: object) -> Readers:
    return Readers(
        analyst=analyst_of(**sources),
        zone=ZONE,
        speech=speech_of(transcriber) if transcriber else None,
        languages=("ko", "en"),
        reads_voice=voice,
    )


def over(reader: MemoReader) -> Callable[[], bool]:
    return lambda: bool(reader.memos) and not any(memo.is_unfinished for memo in reader.memos)


def states(reader: MemoReader) -> list[State]:
    return [memo.state for memo in reader.memos]


def read(reader: MemoReader, files: list[MemoFile], by: Readers) -> list[Memo]:
    reader.offer(files, by)
    until(over(reader))
    return reader.memos


def test_a_memo_is_dated_written_down_and_read(reader: MemoReader) -> None:
    (memo,) = read(reader, [file(1, 2.0, "20261103_081233.m4a")], readers(FakeTranscriber("a heavy day", "and rain")))
    assert memo.state is State.READY
    assert memo.can_be_kept
    assert memo.seconds == pytest.approx(2.0, abs=0.01)
    assert memo.recorded == RecordingDate(date(2026, 11, 3), clock(8, 12), is_from_name=True)
    assert memo.text == "a heavy day and rain"
    assert memo.analysis is not None
    assert memo.analysis.fused is not None
    assert memo.analysis.fused.label == "sadness"
    assert [reading.source for reading in memo.analysis.to_store] == ["voice", "words", "fusion"]
    assert memo.analysis.raw["words"].quality["spoken"] == 1.0  # voice and words come from one breath


def test_no_sound_stays_behind_in_the_readings(reader: MemoReader) -> None:
    (memo,) = read(reader, [file(1)], readers(FakeTranscriber("a heavy day")))
    assert memo.analysis is not None
    assert memo.analysis.user_input.recording is None
    assert memo.analysis.voice is None  # the voice's reading with its wave


def test_without_a_consent_its_part_is_left_out(reader: MemoReader) -> None:
    (memo,) = read(reader, [file(1)], readers(voice=True))
    assert (memo.text, memo.analysis.source) == ("", "voice")
    other = MemoReader()
    (memo,) = read(other, [file(1)], readers(FakeTranscriber("a heavy day"), voice=False))
    assert (memo.text, memo.analysis.source) == ("a heavy day", "words")
    other = MemoReader()
    (memo,) = read(other, [file(1)], readers(voice=False))
    assert (memo.state, memo.text, memo.analysis) == (State.READY, "", None)


def test_all_files_are_checked_before_the_first_is_written_down(reader: MemoReader) -> None:
    transcriber = FakeTranscriber("words")
    transcriber.waits = True
    reader.offer([file(1), MemoFile("broken", "notes.m4a", b"no sound"), file(3)], readers(transcriber))
    until(lambda: states(reader) == [State.WRITING, State.REFUSED, State.WAITING])
    assert reader.memos[1].refusal.code == "unreadable"
    assert not reader.memos[1].can_be_kept
    transcriber.waits = False
    transcriber.may_go_on.release(10)
    until(over(reader))
    assert states(reader) == [State.READY, State.REFUSED, State.READY]


def test_a_file_that_is_too_long_is_refused(reader: MemoReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audio, "LONGEST_SECONDS", 1.5)
    memos = read(reader, [file(1, 1.0), file(2, 2.0)], readers())
    assert [memo.state for memo in memos] == [State.READY, State.REFUSED]
    assert memos[1].refusal.code == "too_long"


def test_one_after_another_and_each_tells_how_far_it_is(reader: MemoReader) -> None:
    transcriber = FakeTranscriber("one", "two")
    transcriber.waits = True
    reader.offer([file(1), file(2)], readers(transcriber))
    transcriber.may_go_on.release()
    until(lambda: reader.memos[0].text == "one")
    assert reader.memos[0].share == 0.5
    assert states(reader) == [State.WRITING, State.WAITING]
    assert len(transcriber.recordings) == 1
    transcriber.waits = False
    transcriber.may_go_on.release(10)
    until(over(reader))
    assert [memo.share for memo in reader.memos] == [1.0, 1.0]


def test_without_words_a_memo_can_still_be_kept(reader: MemoReader) -> None:
    (memo,) = read(reader, [file(1)], readers(FakeTranscriber()))
    assert memo.not_written.code == "no_words"
    assert memo.can_be_kept
    assert memo.analysis.source == "voice"


def test_another_language_is_named_and_written_down_all_the_same_when_asked(reader: MemoReader) -> None:
    transcriber = FakeTranscriber("今日は", language="ja")
    transcriber.hear = lambda _: () if len(transcriber.languages[-1]) > 1 else ("今日は",)
    transcriber.refusal = Refusal("other_language", "Another.", {"language": "ja", "probability": 0.9})
    (memo,) = read(reader, [file(1)], readers(transcriber))
    assert (memo.not_written.code, memo.text) == ("other_language", "")
    reader.write_down_in("file 1", "ja")
    until(lambda: over(reader)() and reader.memos[0].text == "今日は")
    assert reader.memos[0].not_written is None
    assert transcriber.languages == [("ko", "en"), ("ja",)]


def test_the_same_recording_twice_is_one_memo_and_the_second_is_named(reader: MemoReader) -> None:
    first, second = file(1), MemoFile("file 2", "copy of it.m4a", file(1).content)
    memos = read(reader, [first, second], readers(FakeTranscriber("words")))
    assert states(reader) == [State.READY, State.REPEATED]
    assert memos[1].same_as == "memo 1.m4a"
    assert not memos[1].can_be_kept
    read(reader, [second], readers(FakeTranscriber("words")))  # the person took the first out
    assert states(reader) == [State.READY]
    assert reader.memos[0].text == "words"


def test_a_recording_that_is_in_the_diary_already_is_not_read(reader: MemoReader) -> None:
    transcriber = FakeTranscriber("words")
    here = MemoFile("file 1", "memo.m4a", spoken(), here_on=date(2026, 3, 2))
    read(reader, [here, file(2)], readers(transcriber))
    assert states(reader) == [State.HERE, State.READY]
    assert len(transcriber.recordings) == 1


def test_stop_leaves_what_is_written_and_go_on_reads_the_rest(reader: MemoReader) -> None:
    transcriber = FakeTranscriber("one", "two")
    transcriber.waits = True
    reader.offer([file(1), file(2), file(3)], readers(transcriber))
    transcriber.may_go_on.release()
    until(lambda: reader.memos[0].text == "one")
    reader.stop()
    assert states(reader) == [State.STOPPED] * 3
    assert all(memo.can_be_kept for memo in reader.memos)
    assert reader.memos[0].text == "one"
    transcriber.waits = False
    transcriber.may_go_on.release(10)
    reader.go_on(["file 1", "file 2"])
    until(over(reader))
    assert states(reader) == [State.READY, State.READY, State.STOPPED]
    assert reader.memos[0].text == "one two"


def test_stop_and_go_on_at_once_loses_nothing(reader: MemoReader) -> None:
    transcriber = FakeTranscriber("one", "two")
    transcriber.waits = True
    reader.offer([file(1), file(2)], readers(transcriber))
    until(lambda: states(reader)[0] is State.WRITING)
    for _ in range(20):
        reader.stop()
        reader.go_on(["file 1", "file 2"])
    transcriber.waits = False
    transcriber.may_go_on.release(100)
    until(over(reader))
    assert states(reader) == [State.READY, State.READY]


def test_after_a_stop_the_files_are_still_checked(reader: MemoReader, monkeypatch: pytest.MonkeyPatch) -> None:
    decode = audio.decode
    monkeypatch.setattr(audio, "decode", lambda content: time.sleep(0.1) or decode(content))
    reader.offer([file(1), file(2), MemoFile("broken", "x.m4a", b"no sound")], readers(FakeTranscriber("words")))
    reader.stop()
    until(lambda: all(memo.is_checked for memo in reader.memos))
    assert states(reader) == [State.STOPPED, State.STOPPED, State.REFUSED]


def test_a_kept_memo_stays_kept_whatever_the_worker_still_does(reader: MemoReader) -> None:
    transcriber = FakeTranscriber("one")
    transcriber.waits = True
    reader.offer([file(1)], readers(transcriber))
    until(lambda: states(reader) == [State.WRITING])
    reader.stop()
    reader.mark_kept("file 1")
    transcriber.may_go_on.release(10)
    until(lambda: reader._worker is None)
    assert states(reader) == [State.KEPT]


def test_a_file_that_is_taken_out_is_not_written_any_further(reader: MemoReader) -> None:
    transcriber = FakeTranscriber("one", "two")
    transcriber.waits = True
    by = readers(transcriber)
    reader.offer([file(1), file(2)], by)
    until(lambda: len(transcriber.recordings) == 1)
    reader.offer([file(2)], by)
    until(lambda: states(reader) == [State.WRITING])
    transcriber.waits = False
    transcriber.may_go_on.release(10)
    until(over(reader))
    assert [memo.file.id for memo in reader.memos] == ["file 2"]
    assert transcriber.written == ["one", "one", "two"]


def test_a_withdrawn_consent_ends_the_writing_and_the_voice_is_not_read(reader: MemoReader) -> None:
    transcriber = FakeTranscriber("one", "two")
    transcriber.waits = True
    reader.offer([file(1), file(2)], readers(transcriber))
    until(lambda: states(reader)[0] is State.WRITING)
    reader.offer([file(1), file(2)], readers(voice=False))
    until(over(reader))
    assert states(reader) == [State.STOPPED, State.READY]
    assert reader.memos[1].analysis is None
    transcriber.may_go_on.release(10)


def test_one_odd_file_does_not_end_the_others(
    reader: MemoReader, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    decode = audio.decode

    def stumble(content: bytes) -> object:
        if content == file(1).content:
            raise RuntimeError("private words")
        return decode(content)

    monkeypatch.setattr(audio, "decode", stumble)
    read(reader, [file(1), file(2)], readers())
    assert states(reader) == [State.REFUSED, State.READY]
    assert "private" not in caplog.text


def test_new_words_are_read_again_with_the_same_voice(reader: MemoReader) -> None:
    by = readers(FakeTranscriber("a heavy day"), voice="happiness", words="sadness")
    (memo,) = read(reader, [file(1)], by)
    by.analyst.words.answer = Refusal("no_text", "Nothing.")
    again = reader.analysis_of(memo, "other words")
    assert again.source == "voice"
    assert again.user_input.note == "other words"


def test_everything_is_forgotten_once_nobody_holds_it() -> None:
    transcriber = FakeTranscriber("one", "two")
    transcriber.waits = True
    held = Held(MemoReader())
    reader = held.reader
    reader.offer([file(1), file(2)], readers(transcriber))
    until(lambda: states(reader)[0] is State.WRITING)
    del held
    gc.collect()
    assert reader.memos == []
    until(lambda: reader._worker is None)  # it ended before the recording was written down
    reader.offer([file(3)], readers(transcriber))
    assert reader.memos == []
    transcriber.may_go_on.release(10)
