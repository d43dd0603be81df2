from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt.transcript import Segment, Transcript, Word
from tests.understanding.transcripts import transcript
from understanding.spoken_note import NOTHING_SPOKEN, note_words, spoken_part, whole_words

SAID = transcript("What a heavy day.", "I met a friend.")
NOTE = "What a heavy day. I met a friend."
KOREAN = transcript("오늘은 정말 힘들었어요.", "친구를 만나서 괜찮아요.", language="ko")

sentences = st.lists(st.text("ab ,.!가나\n👍", max_size=12), max_size=6).map(
    lambda parts: [p for p in parts if p.strip()]
)


def starts(note: str, said: Transcript) -> list[float | None]:
    return [word.said and word.said.start for word in note_words(note, said)]


@given(sentences)
def test_the_whole_words_join_to_the_text_in_the_order_of_time(parts: list[str]) -> None:
    said = transcript(*parts)
    words = whole_words(said)
    assert "".join(word.text for word in words) == said.text
    assert [word.start for word in words] == sorted(word.start for word in words)


def test_a_word_that_the_model_divided_is_one_word() -> None:
    pieces = (Word(" well", 0.0, 0.4, 0.9), Word("-known", 0.4, 0.8, 0.3), Word(" thing", 1.0, 1.4, 0.8))
    said = replace(SAID, segments=(Segment(pieces),))
    assert whole_words(said) == (Word("well-known", 0.0, 0.8, 0.3), Word(" thing", 1.0, 1.4, 0.8))


@given(sentences, sentences)
def test_any_note_can_be_compared_with_any_transcript(parts: list[str], typed: list[str]) -> None:
    said, note = transcript(*parts), " ".join(typed)
    part = spoken_part(note, said)
    assert 0 <= part.share <= 1
    assert 0 <= part.probability <= 1
    assert [note[word.start : word.end] for word in note_words(note, said)] == note.split()


@given(sentences)
def test_the_transcript_itself_was_said_word_for_word(parts: list[str]) -> None:
    said = transcript(*parts)
    if any(letter.isalnum() for letter in said.text):
        assert spoken_part(said.text, said).share == 1
    for word, whole in zip(note_words(said.text, said), whole_words(said), strict=True):
        assert word.said in (whole, None)
        assert bool(word.said) == any(letter.isalnum() for letter in whole.text)


@pytest.mark.parametrize(
    ("note", "share"),
    [
        (NOTE, 1.0),
        ("i MET a friend… what a heavy day", 1.0),  # another order, other signs
        ("What a heavy day. I met a friend. It was good.", 8 / 11),  # a sentence typed below
        ("I met a friend.", 1.0),  # a sentence deleted
        ("friend friend friend friend", 1 / 4),  # said once
        ("Quite another thing", 0.0),
        ("👍 …", 0.0),
        ("", 0.0),
    ],
)
def test_the_share_of_the_words_that_were_spoken(note: str, share: float) -> None:
    assert spoken_part(note, SAID).share == pytest.approx(share)


def test_without_a_transcript_nothing_was_spoken() -> None:
    assert spoken_part(NOTE, None) == NOTHING_SPOKEN
    assert spoken_part("Quite another thing", SAID) == NOTHING_SPOKEN


def test_only_the_words_that_are_left_say_how_sure_the_transcription_was() -> None:
    words = (Word(" sure", 0.0, 0.5, 0.9), Word(" unsure", 0.5, 1.0, 0.1))
    said = replace(SAID, segments=(Segment(words),))
    assert spoken_part("sure unsure", said).probability == pytest.approx(0.5)
    assert spoken_part("sure mended", said).probability == pytest.approx(0.9)


def test_words_keep_their_times_when_others_are_typed_between() -> None:
    # The segments start at 0.0 and 3.0.
    assert starts("Monday. What a heavy day. Later I met a friend.", SAID) == [
        *(None, 0.0, 0.5, 1.0, 1.5),
        *(None, 3.0, 3.5, 4.0, 4.5),
    ]


def test_a_word_in_common_by_chance_was_not_said() -> None:
    assert starts("It was quite another thing, and a good one", SAID) == [None] * 9
    assert starts("Much was typed, and much more, and at its end: a heavy day. I met a friend.", SAID)[-7:] == [
        0.5,
        1.0,
        1.5,
        3.0,
        3.5,
        4.0,
        4.5,
    ]


def test_a_mended_word_can_still_be_heard() -> None:
    assert starts("What a heavy today. I met two friends.", SAID) == [0.0, 0.5, 1.0, 1.5, 3.0, 3.5, None, 4.5]
    mended = note_words("오늘은 정말 힘들었어요. 친구를 만나서 괜찮았어요.", KOREAN)
    assert mended[-1].said is not None
    assert (mended[-1].said.start, mended[-1].said.is_sure) == (3.5, True)


def test_a_sentence_written_anew_was_not_said() -> None:
    assert starts("Only one thing. I met a friend.", SAID) == [None, None, None, 3.0, 3.5, 4.0, 4.5]


def test_a_mended_space_leaves_both_words_their_times() -> None:
    assert starts("오늘은 정말 힘들 었어요. 친구를만나서 괜찮아요.", KOREAN) == [0.0, 0.5, 1.0, 1.0, 2.5, 3.5]


def test_a_long_note_takes_no_time() -> None:
    said = transcript(*["word and thing again"] * 600)
    begun = time.perf_counter()
    assert spoken_part(said.text, said).share == 1
    note_words("nothing in common " * 600, said)
    assert time.perf_counter() - begun < 5
