from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stt import guards
from stt.guards import Evidence, is_invented

SURE = Evidence("", 2.0, log_probability=-0.2, no_speech=0.05, compression=1.0, word_probability=0.9)


@pytest.mark.parametrize(
    "text",
    [
        "시청해 주셔서 감사합니다.", "시청해주셔서 감사합니다",
        "오늘도 영상 끝까지 시청해 주셔서 감사합니다!", "구독과 좋아요 부탁드립니다.",

        "한글자막 by 한효정", "MBC 뉴스 이덕영입니다.", "다음 영상에서 만나요~",
        "Thanks for watching!", "Thank you for watching.",
        "Please subscribe to my channel.", "Subtitles by the Amara.org community", "♪", "...", " ",
    ],
)  # fmt: skip
def test_phrases_of_subtitles_are_dropped_however_sure_the_model_is(text):
    assert is_invented(replace(SURE, text=text))


@pytest.mark.parametrize(
    "text",
    [
        "오늘은 친구를 만나서 정말 좋았어.", "엄마가 전화해 주셔서 감사합니다라고 말했다.",
        "감사합니다.", "네.", "Thank you.", "Okay.",
        "유튜브에서 구독과 좋아요를 눌러 달라는 말을 하루 종일 들어서 지쳤다.",
        "어제 배달의민족으로 치킨을 시켜 먹었어.",
        "I watched a film and said thanks for watching it with me.", "I had a good day.", "2026년 11월 29일에 만나요.",
    ],
)  # fmt: skip
def test_what_people_say_stays(text):
    assert not is_invented(replace(SURE, text=text, seconds=4.0))


@pytest.mark.parametrize("text", ["감사합니다.", "네", "Thank you.", "you", "MBC 뉴스"])
def test_a_short_phrase_needs_a_sure_model(text):
    assert is_invented(replace(SURE, text=text, word_probability=0.3))


@pytest.mark.parametrize(
    "changed",
    [
        {"log_probability": -1.2},
        {"compression": 3.0},
        {"no_speech": 0.8, "log_probability": -0.7},
        {"text": "너무 너무 너무 너무 너무 너무 좋았어"},
        {"text": "이 문장은 반 초 동안에 말하기에는 너무나도 길다는 것을 모두가 안다", "seconds": 0.4},
    ],
)
def test_each_sign_of_a_guess_is_enough(changed):
    assert not is_invented(replace(SURE, text="오늘은 좋았어"))
    assert is_invented(replace(SURE, **{"text": "오늘은 좋았어", **changed}))


def test_repeats_counts_how_often_a_phrase_follows_itself():
    assert guards.repeats("오늘은좋았어") == 1
    assert guards.repeats("정말정말좋았어") == 2
    assert guards.repeats("그래서그래서그래서그래서그래서") == 5
    assert guards.repeats("") == 1


@given(st.text(max_size=200))
def test_any_text_has_an_answer(text):
    assert is_invented(replace(SURE, text=text)) in (True, False)


def test_few_words_need_a_sure_model_and_many_do_not():
    unsure = {"log_probability": -0.8, "word_probability": 0.4}
    assert guards.are_a_sound([replace(SURE, text="Huh?", **unsure)])
    assert guards.are_a_sound([replace(SURE, text="네 좋아", log_probability=-0.7)])
    assert not guards.are_a_sound([replace(SURE, text="네 좋아")])
    assert not guards.are_a_sound([replace(SURE, text="오늘은 정말 좋았어", **unsure)])
    assert not guards.are_a_sound([replace(SURE, text="It's 11", **unsure), replace(SURE, text="o'clock.")])
    assert not guards.are_a_sound([])
