import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt.transcript import Segment, Transcript, Word, text_of


def sentence(start: float, *words: str) -> Segment:
    return Segment(
        tuple(Word(f" {word}", start + number, start + number + 0.8, 0.9) for number, word in enumerate(words))
    )


def test_sentences_are_joined_and_a_long_pause_starts_a_paragraph():
    spoken = (sentence(0, "오늘은", "좋았어."), sentence(2.5, "정말."), sentence(9, "Good", "day."))
    assert text_of(spoken) == "오늘은 좋았어. 정말.\nGood day."
    assert text_of(()) == ""


def test_a_transcript_knows_how_sure_it_is():
    words = (Word("a", 0, 1, 0.2), Word(" b", 1, 2, 0.8))
    found = Transcript((Segment(words),), "en", 0.9, 2.0, "m 1")
    assert found.probability == pytest.approx(0.5)
    assert [word.is_sure for word in found.words] == [False, True]
    assert Transcript((), "en", 1.0, 2.0, "m 1").probability == 0


numbers = st.floats(0, 900).map(lambda value: round(value, 2))
words = st.builds(Word, st.text(max_size=8), numbers, numbers, st.floats(0, 1).map(lambda value: round(value, 3)))
segments = st.lists(words, min_size=1, max_size=4).map(lambda found: Segment(tuple(found)))


@given(st.lists(segments, max_size=4))
def test_as_dict_and_back_is_the_same(found):
    transcript = Transcript(tuple(found), "ko", 0.5, 12.0, "model 1")
    assert Transcript.from_dict(transcript.as_dict()) == transcript


@pytest.mark.parametrize(
    "content",
    [{}, {"segments": [[["a", 0, 1]]]}, {"segments": 3}, {"segments": [], "language": "ko"}, {"segments": [[1]]}],
)
def test_anything_else_is_an_error_that_the_caller_can_name(content):
    with pytest.raises((KeyError, TypeError, ValueError)):
        Transcript.from_dict(content)
