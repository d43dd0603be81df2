"""History: the sentences that open it, in both languages, its days, and charts that stay small."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest

from components import state
from components.history import charts
from components.history.highlights import sentence_of
from components.history.period import Period
from diary import calendar, days, highlights, patterns
from diary.habits import Habit, Split
from diary.highlights import Comparison, EveryDay, Fact, MainFeeling, Run, Span
from diary.patterns import DayColumns
from diary.trackers import Tracker
from emotions import EMOTIONS
from language import LANGUAGES, say
from tests.diary.histories import keep
from tests.pages.conftest import Visit

TODAY = days.today("Asia/Seoul")
NOVEMBER = Span(date(2025, 11, 1), date(2025, 11, 30), is_whole=True)
OCTOBER = Span(date(2025, 10, 1), date(2025, 10, 31), is_whole=True)
FIRST_DAYS = Span(date(2025, 11, 1), date(2025, 11, 12), is_whole=False)
THEN = Span(date(2025, 10, 1), date(2025, 10, 12), is_whole=False)
LAST_YEAR = Span(date(2024, 11, 1), date(2024, 11, 30), is_whole=True)
SLEEP, PILLS = Tracker("잠", "😴", "minutes"), Tracker("Pills", "💊", "yes_no")


def compared(now: Span, before: Span, direction: int, mood: str, count: int, before_count: int, *kept: int) -> Fact:
    kept = kept or (30, 30)
    return Comparison(now, before, direction, mood, count, before_count, kept[0], kept[1], 1.0)


@pytest.mark.parametrize(
    ("fact", "english", "korean"),
    [
        (
            compared(NOVEMBER, OCTOBER, 1, "happiness", 9, 6),
            "November felt a little brighter than October: 9 happy days, 6 in October.",
            "11월은 10월보다 조금 밝았어요. 기쁜 날이 9일, 10월에는 6일이었어요.",
        ),
        (
            compared(FIRST_DAYS, THEN, -2, "sadness", 1, 0),
            "The first 12 days of November felt harder than the first 12 of October: 1 sad day, none in October.",
            "11월의 첫 12일은 10월의 첫 12일보다 힘들었어요. 슬픈 날이 1일 있었고, 10월에는 하루도 없었어요.",
        ),
        (
            compared(NOVEMBER, LAST_YEAR, 0, "neutral", 12, 11),
            "November felt much like a year ago: 12 okay days, 11 then.",
            "11월은 작년 이맘때와 비슷했어요. 보통인 날이 12일, 그때는 11일이었어요.",
        ),
        (
            compared(NOVEMBER, OCTOBER, 2, "anger", 0, 4),
            "November felt brighter than October: no angry days, 4 in October.",
            "11월은 10월보다 밝았어요. 화난 날이 하루도 없었고, 10월에는 4일이었어요.",
        ),
        (
            compared(NOVEMBER, OCTOBER, -1, "happiness", 9, 6, 30, 12),
            "November felt a little harder than October: 9 happy days among 30 kept, 6 among 12 in October.",
            "11월은 10월보다 조금 힘들었어요. 남긴 30일 가운데 기쁜 날이 9일, 10월에는 12일 가운데 6일이었어요.",
        ),
        (
            Habit(5, "happiness", 9, 13, 20, 70, 12.0),
            "9 of the last 13 Saturdays were happy days; of 70 other days, 20.",
            "최근 토요일 13번 가운데 9번이 기쁜 날이었어요. 다른 요일은 70일 가운데 20일이에요.",
        ),
        (
            Habit("러닝*", "happiness", 12, 15, 20, 60, 12.0),
            "Of 15 days with **\\#러닝\\***, 12 were happy days; of 60 without it, 20.",
            "**\\#러닝\\*** 태그가 있던 15일 가운데 12일이 기쁜 날이었어요. 없던 날은 60일 가운데 20일이에요.",
        ),
        (
            Habit(Split(SLEEP, 420, 0), "happiness", 20, 39, 1, 31, 12.0),
            "Of 39 days with **😴 잠** at 7:00 or more, 20 were happy days; of 31 with less, 1.",
            "**😴 잠**이 7:00 이상이던 39일 가운데 20일이 기쁜 날이었어요. 그보다 적은 날은 31일 가운데 1일이에요.",
        ),
        (
            Habit(Split(PILLS, 1, 1), "neutral", 20, 39, 1, 31, 12.0),
            "Of 39 days after **💊 Pills** (yes), 20 were okay days; of 31 days after none, 1.",
            "**💊 Pills**: ‘예’이던 날의 다음 날은 39일 가운데 20일이 보통인 날이었어요. "
            "아니던 날의 다음 날은 31일 가운데 1일이에요.",
        ),
        (
            Run(date(2025, 11, 3), date(2025, 11, 7), 5, 6.0),
            "5 happy days in a row, from 3 November to 7 November.",
            "11월 3일부터 11월 7일까지 5일 내내 기쁜 날이었어요.",
        ),
        (
            EveryDay(NOVEMBER, 6.0),
            "You kept every single day of November.",
            "11월은 하루도 빠짐없이 남겼어요.",
        ),
        (
            EveryDay(FIRST_DAYS, 6.0),
            "You kept every one of the first 12 days of November.",
            "11월의 첫 12일을 하루도 빠짐없이 남겼어요.",
        ),
        (
            MainFeeling(NOVEMBER, "proud", 6, 3.0),
            "The feeling you chose most in November: **proud**, on 6 days.",
            "11월에는 **뿌듯함**을 가장 자주 골랐어요. 모두 6일이에요.",
        ),
        (
            MainFeeling(NOVEMBER, "touched", 6, 3.0),
            "The feeling you chose most in November: **touched**, on 6 days.",
            "11월에는 **감동**을 가장 자주 골랐어요. 모두 6일이에요.",
        ),
    ],
)
def test_each_fact_as_a_friend_would_say_it(
    fact: Fact, english: str, korean: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for language, sentence in (("en", english), ("ko", korean)):
        monkeypatch.setattr(state.LANGUAGE, "get", lambda language=language: language)
        assert sentence_of(fact) == sentence


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_history_opens_with_what_is_worth_saying(visit: Callable[..., Visit], language: str) -> None:
    there = visit("pages/help.py", language)
    keep(there.session, TODAY.isoformat())
    there.app.switch_page("pages/history.py").run()
    there.expect_calm()
    assert "history_highlights" not in str(there.app.main), "nothing is said about a single entry"
    for ago in range(1, 75):
        keep(there.session, (TODAY - timedelta(days=ago)).isoformat(), "happiness" if ago % 2 else "fear")
    facts = highlights.of(there.session, TODAY)
    assert isinstance(facts[0], Comparison)
    there.app.run()
    there.expect_calm()
    then = say(language, "days.months").split(",")[facts[0].before.first.month - 1]
    assert there.says(str(facts[0].count_before))
    assert there.app.markdown[0].value.count(then) >= 1


def test_three_years_of_days_are_a_small_chart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state.LANGUAGE, "get", lambda: "ko")
    first, rng = date(2022, 11, 1), np.random.default_rng(1)
    kept = [first + timedelta(days=number) for number in range(3 * 365)]
    moods = rng.choice(EMOTIONS, len(kept)).tolist()
    plane = rng.uniform(-1, 1, (len(kept), 2))
    columns = DayColumns(np.array(kept, "datetime64[D]"), np.ones(len(kept), int), plane[:, :1], plane)
    shown = {day: calendar.Day(day, mood, (mood,)) for day, mood in zip(kept, moods, strict=True)}
    period = Period(first, kept[-1], is_everything=True)
    smooth = patterns.smoothed(columns, first, kept[-1], period.smoothing)
    figure = charts.day_by_day(columns, shown, smooth, period)
    assert sum(len(trace.x) for trace in figure.data if trace.mode == "markers") == len(kept)
    assert len(figure.to_json()) < 60_000
