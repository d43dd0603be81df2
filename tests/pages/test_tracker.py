"""Days, Year, Find and History by AppTest: what they show, and how a person moves in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

import pytest
from PIL import Image

from components.text import plain
from diary import calendar, consents, days, entries, music_feedback, on_this_day, photos, trackers
from diary.entries import NewEntry
from emotions import BY_KEY, EMOTIONS, luminance, text_colour
from language import say
from music import catalogue
from music.recommend import Wish
from tests.diary.histories import keep
from tests.pages.conftest import Visit

ZONE = "Asia/Seoul"
TODAY = days.today(ZONE)


def visit_with(visit: Callable[..., Visit], page: str, fill: Callable, **how: str) -> Visit:
    """Fills the diary before the page is opened."""
    there = visit("pages/help.py", **how)
    fill(there.session)
    there.app.switch_page(page).run()
    there.expect_calm()
    return there


def month_data(there: Visit) -> dict:
    (data,) = there.components("weekdays")
    return data


def square(there: Visit, day: date) -> dict:
    """What the calendar shows of a day."""
    return next(cell for cell in month_data(there)["days"] if cell["day"] == day.isoformat())


def address(there: Visit) -> dict[str, str]:
    """AppTest gives a value alone or as the only one of a list, depending on who set it."""
    return {name: value if isinstance(value, str) else value[0] for name, value in there.app.query_params.items()}


def label(there: Visit, day: date) -> str:
    return square(there, day)["label"]


def month_back(months: int) -> date:
    """The first of an earlier month."""
    first = TODAY.replace(day=1)
    for _ in range(months):
        first = (first - timedelta(days=1)).replace(day=1)
    return first


def test_three_kinds_of_days_are_said_differently(visit: Callable[..., Visit]) -> None:
    first = month_back(1)
    empty, neutral, several = first, first.replace(day=2), first.replace(day=3)

    def fill(person) -> None:
        keep(person, neutral.isoformat(), "neutral")
        keep(person, several.isoformat(), "anger", at="09:00")
        keep(person, several.isoformat(), "happiness", at="21:00")

    there = visit_with(visit, "pages/days.py", fill)
    there.press_key("month_earlier")
    assert "nothing kept" in label(there, empty)
    assert label(there, neutral).endswith(": Okay")
    assert label(there, several).endswith(": Happiness, 2 entries: Anger, Happiness")
    colours = [BY_KEY[mood].colour for mood in ("anger", "happiness")]
    assert "colour" not in square(there, empty)
    assert square(there, neutral)["colours"] == [BY_KEY["neutral"].colour]
    assert (square(there, several)["colour"], square(there, several)["colours"]) == (colours[1], colours)
    assert there.says(there.t("calendar.rule_latest"))


def test_the_rule_for_a_days_mood_is_the_persons_choice(visit: Callable[..., Visit]) -> None:
    day = month_back(1).replace(day=3)

    def fill(person) -> None:
        keep(person, day.isoformat(), "anger", 5, at="09:00")
        keep(person, day.isoformat(), "happiness", 2, at="21:00")

    there = visit_with(visit, "pages/settings.py", fill)
    there.app.button_group(key="choose_days_mood").set_value("strongest").run()
    there.app.switch_page("pages/days.py").run()
    there.press_key("month_earlier")
    assert square(there, day)["colour"] == BY_KEY["anger"].colour
    assert there.says(there.t("calendar.rule_strongest"))


def test_the_first_column_is_the_persons_own_first_weekday(visit: Callable[..., Visit]) -> None:
    there = visit("pages/days.py")
    for first_weekday in (6, 0, 5):
        calendar.FIRST_WEEKDAY.choose(there.session, first_weekday)
        there.app.run()
        there.expect_calm()
        names = [weekday["short"] for weekday in month_data(there)["weekdays"]]
        shown = there.t("days.weekdays_short").split(",")
        assert names == shown[first_weekday:] + shown[:first_weekday]
        assert names[month_data(there)["column"]] == shown[TODAY.replace(day=1).weekday()]


def test_the_number_of_a_day_can_be_read_on_its_colour() -> None:
    for mood in EMOTIONS:
        darker, brighter = sorted(luminance(colour) for colour in (BY_KEY[mood].colour, text_colour(mood)))
        assert (brighter + 0.05) / (darker + 0.05) >= 4.5, mood  # WCAG 2.2, AA


def test_turning_months_and_coming_back(visit: Callable[..., Visit]) -> None:
    there = visit("pages/days.py")
    months = there.t("days.months").split(",")

    def shows(first: date) -> bool:
        return there.app.header[0].value == there.t(
            "days.month", year=first.year, month=first.month, month_name=months[first.month - 1]
        )

    assert shows(month_back(0))
    assert there.app.button(key="month_later").disabled
    for back in (1, 2, 3):
        there.press_key("month_earlier")
        assert shows(month_back(back))
        assert there.says(there.t("days.choose"))
    there.press_key("month_later")
    assert shows(month_back(2))
    there.press_key("month_today")
    assert shows(month_back(0))
    assert any(there.t("days.is_today", day="")[:6] in one.value for one in there.app.subheader)


def test_a_month_has_each_of_its_days_once_and_the_leap_day_too(visit: Callable[..., Visit]) -> None:
    there = visit("pages/days.py")
    there.app.query_params["month"] = "2024-02"
    there.app.run()
    shown = [cell["day"] for cell in month_data(there)["days"]]
    assert shown == [f"2024-02-{number:02}" for number in range(1, 30)]


def test_days_to_come_cannot_be_opened(visit: Callable[..., Visit]) -> None:
    there = visit("pages/days.py")
    for cell in month_data(there)["days"]:
        assert cell.get("future", False) == (date.fromisoformat(cell["day"]) > TODAY)
    before = there.app.subheader[0].value
    there.open_day(TODAY + timedelta(days=1))
    assert there.app.subheader[0].value == before


def test_opening_a_day_and_changing_and_deleting_there(visit: Callable[..., Visit]) -> None:
    day = month_back(1).replace(day=3)
    there = visit_with(
        visit, "pages/days.py", lambda person: keep(person, day.isoformat(), "fear", note="found again", tags=("walk",))
    )
    there.press_key("month_earlier")
    assert not there.says("found again")
    there.open_day(day)
    assert there.says("found again")
    assert there.says("\\#walk")
    assert square(there, day)["open"] == "chosen"
    assert label(there, day).endswith(there.t("calendar.open", day=""))
    (entry,) = entries.every(there.session)
    there.press("entry.edit")
    there.app.button_group(key=f"mood_choice_entry_{entry.id}").set_value("surprise").run()
    there.press("entry.save_changes")
    there.expect_calm()
    assert square(there, day)["colour"] == BY_KEY["surprise"].colour
    there.press("entry.delete")
    assert "nothing kept" in label(there, day)
    assert there.says(there.t("days.nothing_that_day"))


def test_adding_to_an_earlier_day_where_it_is_open(visit: Callable[..., Visit]) -> None:
    day = month_back(1).replace(day=5)
    there = visit("pages/days.py")
    there.press_key("month_earlier")
    there.open_day(day)
    there.app.session_state[f"add_{day.isoformat()}"] = True
    there.app.run()
    there.press("entry.save")
    assert there.app.error[0].value == there.t("error.unknown_mood")
    mood = next(group for group in there.app.button_group if group.key.startswith("mood_choice"))
    mood.set_value("disgust").run()
    there.app.text_area[0].set_value("later, but kept").run()
    there.press("entry.save")
    there.expect_calm()
    (kept,) = entries.every(there.session)
    assert (kept.day, kept.mood, kept.note, kept.time_known, kept.source) == (
        day,
        "disgust",
        "later, but kept",
        False,
        "hand",
    )
    assert square(there, day)["colour"] == BY_KEY["disgust"].colour
    assert there.says("later, but kept")


def test_the_music_of_a_day_is_there_when_it_is_opened(visit: Callable[..., Visit]) -> None:
    track = catalogue.load().of_kind("youtube")[0]
    there = visit_with(
        visit,
        "pages/days.py",
        lambda person: music_feedback.add(person, "heard", track, Wish("happiness", 3, "match")),
    )
    assert there.says(plain(track.title["en"]))


def test_an_empty_diary_says_what_will_be_here_and_the_one_next_step(visit: Callable[..., Visit]) -> None:
    there = visit("pages/days.py", "ko")
    assert there.says(there.t("days.empty"))
    there.app.switch_page("pages/history.py").run()
    assert there.says(there.t("history.empty"))
    assert not there.app.get("plotly_chart")


def test_a_streak_is_said_quietly_and_its_end_not_at_all(visit: Callable[..., Visit]) -> None:
    def fill(person) -> None:
        for ago in (1, 2, 3):
            keep(person, (TODAY - timedelta(days=ago)).isoformat())

    there = visit_with(visit, "pages/days.py", fill)
    assert there.says(there.t("calendar.streak", days=3))
    for entry in entries.of_day(there.session, TODAY - timedelta(days=1)):
        entries.delete(there.session, entry.id)
    there.app.run()
    assert not there.says("in a row")


def test_the_streak_belongs_to_the_current_month(visit: Callable[..., Visit]) -> None:
    def fill(person) -> None:
        for ago in range(40):
            keep(person, (TODAY - timedelta(days=ago)).isoformat())

    there = visit_with(visit, "pages/days.py", fill)
    assert there.says("in a row")
    there.press("days.earlier")
    assert not there.says("in a row")
    there.press("days.later")
    assert there.says("in a row")


def test_the_address_names_the_day_and_the_month(visit: Callable[..., Visit]) -> None:
    """So that a restart of the server, which forgets every session, opens the same day again."""
    day = month_back(2).replace(day=7)
    there = visit_with(visit, "pages/days.py", lambda person: keep(person, day.isoformat(), note="two months ago"))
    there.press("days.earlier")
    assert address(there) == {"month": f"{month_back(1):%Y-%m}"}
    there.open_day(day)
    assert there.says("two months ago")
    there.press_key("day_close")
    assert address(there) == {"month": f"{day:%Y-%m}"}
    assert not there.says("two months ago")

    again = Visit(there.session, "pages/days.py")
    assert not again.says("two months ago")
    again.open_day(day)
    assert again.says("two months ago")
    assert square(again, day)["open"] == "chosen"


@pytest.mark.parametrize("address", ["2026-13-01", "1899-12-31", "yesterday", "<b>", "99999-01-01", ""])
def test_an_address_without_a_day_shows_today(visit: Callable[..., Visit], address: str) -> None:
    there = visit("pages/days.py")
    for name in ("day", "month"):
        there.app.query_params.clear()
        there.app.query_params[name] = address
        there.app.run()
        there.expect_calm()
        assert square(there, TODAY)["open"] == "beside"


def test_the_page_comes_back_as_it_was_left(visit: Callable[..., Visit]) -> None:
    day = month_back(1).replace(day=7)
    there = visit("pages/days.py")
    there.open_day(day)
    there.app.query_params.clear()  # as the link of the page does
    there.app.switch_page("pages/help.py").run()
    there.app.switch_page("pages/days.py").run()
    assert square(there, day)["open"] == "beside"  # a phone shows the calendar


def test_from_one_day_to_its_neighbours(visit: Callable[..., Visit]) -> None:
    first, middle, last = month_back(2).replace(day=3), month_back(1).replace(day=20), month_back(1).replace(day=22)

    def fill(person) -> None:
        for day in (first, last):
            keep(person, day.isoformat(), note=f"on {day}")
        tracker = trackers.Tracker("Sleep", "😴", "minutes")
        trackers.set_value(person, trackers.add(person, tracker), middle, 420, ZONE)

    there = visit_with(visit, "pages/days.py", fill)
    there.open_day(last)
    for day in (middle, first):
        there.press_key("day_before")
        assert square(there, day)["open"] == "chosen"
    assert there.says(f"on {first}")
    assert there.app.button(key="day_before").disabled
    for day in (middle, last, TODAY):  # today may be empty: one can begin there
        there.press_key("day_after")
        assert square(there, day)["open"] == "chosen"
    assert there.app.button(key="day_after").disabled


def test_a_square_shows_the_first_words_and_what_else_the_day_has(visit: Callable[..., Visit]) -> None:
    first = month_back(1)
    silent, several, counted = first.replace(day=2), first.replace(day=3), first.replace(day=4)

    def fill(person) -> None:
        keep(person, silent.isoformat(), "sadness")
        keep(person, several.isoformat(), "anger", at="09:00", note="  In the\nmorning " + "x" * 200)
        keep(person, several.isoformat(), "happiness", at="21:00")
        tracker = trackers.Tracker("Sleep", "😴", "minutes")
        trackers.set_value(person, trackers.add(person, tracker), counted, 420, ZONE)

    there = visit_with(visit, "pages/days.py", fill)
    there.press_key("month_earlier")
    assert "words" not in square(there, silent)
    assert square(there, several)["words"].startswith("In the morning xxx")
    assert len(square(there, several)["words"]) == 60
    assert square(there, counted)["trackers"] is True
    assert "colour" not in square(there, counted)
    assert label(there, counted).endswith(there.t("calendar.only_trackers", day="", count=1))


def test_a_photograph_is_marked_in_its_square(visit: Callable[..., Visit]) -> None:
    day = TODAY - timedelta(days=1)

    def fill(person) -> None:
        consents.set_given(person, "media", True)
        new = NewEntry("happiness", 3, day, ZONE)
        jpeg = BytesIO()
        Image.new("RGB", (40, 30), "red").save(jpeg, "JPEG")
        entries.add(person, new, photos=[photos.photo_of(jpeg.getvalue())])

    there = visit_with(visit, "pages/days.py", fill)
    there.open_day(day)
    assert square(there, day)["photos"] is True
    assert there.t("calendar.with_photos", day="") in label(there, day)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_year_holds_every_day_until_today(visit: Callable[..., Visit], language: str) -> None:
    day = date(TODAY.year - 1, 2, 28)

    def fill(person) -> None:
        keep(person, day.isoformat(), "anger", at="10:00")
        keep(person, day.isoformat(), "sadness", at="20:00")

    there = visit_with(visit, "pages/year.py", fill, language=language)
    months = year_data(there)["months"]
    assert sum(len(month["days"]) for month in months) == TODAY.timetuple().tm_yday
    there.press_key("year_earlier")
    months = year_data(there)["months"]
    assert sum(len(month["days"]) for month in months) == date(TODAY.year - 1, 12, 31).timetuple().tm_yday
    cell = months[1]["days"][27]
    assert (cell["day"], cell["face"], cell["count"]) == (day.isoformat(), "\ue6a6", 2)
    assert "colour" not in months[1]["days"][26]
    assert there.says(say(language, "calendar.counted", days=1, counts="")[:8])


def year_data(there: Visit) -> dict:
    (data,) = there.components("months")
    return data


def test_a_search_is_still_there_after_a_day_was_opened(visit: Callable[..., Visit]) -> None:
    def fill(person) -> None:
        keep(person, "2025-11-03", "happiness", note="rain", tags=("walk",))
        keep(person, "2025-11-04", "sadness", note="rain")

    there = visit_with(visit, "pages/find.py", fill)
    there.app.text_input(key="find_words").set_value("rain").run()
    there.app.button_group(key="find_moods").set_value(["happiness"]).run()
    there.app.date_input(key="find_from").set_value(date(2025, 11, 1)).run()
    assert there.says(there.t("find.found", count=1))
    there.app.switch_page("pages/days.py").run()
    there.app.switch_page("pages/find.py").run()
    there.expect_calm()
    assert there.app.text_input(key="find_words").value == "rain"
    assert there.app.button_group(key="find_moods").value == ["happiness"]
    assert there.app.date_input(key="find_from").value == date(2025, 11, 1)
    assert there.says(there.t("find.found", count=1))
    # A tag that is gone meanwhile is no filter any more.
    there.app.multiselect(key="find_tags").set_value(["walk"]).run()
    there.app.switch_page("pages/days.py").run()
    (entry,) = [entry for entry in entries.every(there.session) if entry.tags]
    entries.delete(there.session, entry.id)
    there.app.switch_page("pages/find.py").run()
    there.expect_calm()
    assert there.app.multiselect(key="find_tags").value == []
    there.app.text_input(key="find_words").set_value("").run()
    there.app.switch_page("pages/days.py").run()
    there.app.switch_page("pages/find.py").run()
    assert there.app.text_input(key="find_words").value == ""


def test_finding_ones_own_words(visit: Callable[..., Visit]) -> None:
    def fill(person) -> None:
        keep(person, "2025-11-03", "happiness", note="도서관에서 <b>책</b>을 읽었다", tags=("책",))
        keep(person, "2025-11-04", "sadness", note="비가 왔다", tags=("비",))

    there = visit_with(visit, "pages/find.py", fill)
    assert there.says(there.t("find.how"))
    there.app.text_input(key="find_words").set_value("도서관은").run()
    there.expect_calm()
    assert there.says(there.t("find.found", count=1))
    html = " ".join(element.proto.body for element in there.app.get("html"))
    assert "<mark>도서관에서</mark> &lt;b&gt;책" in html  # marked, and never as HTML
    there.app.button_group(key="find_moods").set_value(["sadness"]).run()
    assert there.says(there.t("find.nothing"))
    there.app.text_input(key="find_words").set_value("").run()
    assert there.says(there.t("find.found", count=1))
    there.app.multiselect(key="find_tags").set_value(["책"]).run()
    assert there.says(there.t("find.nothing"))
    there.app.multiselect(key="find_tags").set_value([]).run()
    there.app.button_group(key="find_moods").set_value([]).run()
    there.app.date_input(key="find_from").set_value(date(2025, 11, 4)).run()
    assert there.says(there.t("find.found", count=1))
    (found,) = [button for button in there.app.button if (button.key or "").startswith("open_")]
    assert "2025" in found.label


def test_many_findings_are_shown_twenty_at_a_time(visit: Callable[..., Visit]) -> None:
    def fill(person) -> None:
        for number in range(25):
            entries.add(person, NewEntry("neutral", 3, TODAY - timedelta(days=number), ZONE, note=f"rain {number}"))

    there = visit_with(visit, "pages/find.py", fill)

    def shown() -> int:
        return sum((button.key or "").startswith("open_") for button in there.app.button)

    there.app.text_input(key="find_words").set_value("rain").run()
    assert there.says(there.t("find.found", count=25))
    assert shown() == 20
    there.press_key("find_more")
    assert shown() == 25
    there.app.text_input(key="find_words").set_value("rai").run()
    assert shown() == 20


def fill_three_months(person) -> None:
    for ago in range(1, 90):
        day = (TODAY - timedelta(days=ago)).isoformat()
        runs = ago % 3 == 0
        keep(
            person,
            day,
            "happiness" if runs else "sadness",
            at="08:30" if ago % 2 else "21:15",
            tags=("running",) if runs else (),
            source="hand" if runs else "voice",
        )


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_section_of_history_has_its_charts_and_each_has_a_name_and_a_table(
    visit: Callable[..., Visit], language: str
) -> None:
    there = visit_with(visit, "pages/history.py", fill_three_months, language=language)
    for section, charts in (("time", 2), ("rhythm", 2), ("tags", 1), ("models", 1), ("compare", 1)):
        if section == "compare":
            there.app.button_group(key="history_period").set_value("month").run()
        there.app.button_group(key="history_section").set_value(section).run()
        there.expect_calm()
        drawn = there.app.get("plotly_chart")
        assert len(drawn) == charts, section
        assert all(chart.proto.alt for chart in drawn), section
        assert len({chart.proto.alt for chart in drawn}) == charts, section
        assert sum(expander.label == there.t("history.as_table") for expander in there.app.expander) == charts, section


def test_history_says_what_its_charts_show(visit: Callable[..., Visit]) -> None:
    there = visit_with(visit, "pages/history.py", fill_three_months)
    # 89 of 90 days; every third one happy.
    assert there.says(
        there.t("history.shares_says", days=89, length=90, commonest="\ue6a6\xa0Sadness 67%, \ue6a0\xa0Happiness 33%")
    )
    there.app.button_group(key="history_section").set_value("tags").run()
    assert there.says("**\\#running** (days: 29): pleasantness +0.81, on other days −0.63")
    assert there.says("\ue6a0\xa0Happiness 100%, on other days 0%")
    there.app.button_group(key="history_section").set_value("rhythm").run()
    assert there.says(there.t("history.hour_means", count=0))
    there.app.button_group(key="history_section").set_value("models").run()
    assert there.says("Voice 60, By hand 29")
    assert there.says(there.t("history.never_read"))


def test_history_keeps_quiet_where_there_are_too_few_days(visit: Callable[..., Visit]) -> None:
    def fill(person) -> None:
        for ago in range(1, 6):
            keep(person, (TODAY - timedelta(days=ago)).isoformat(), tags=("running",))

    there = visit_with(visit, "pages/history.py", fill)
    assert there.says(there.t("history.flow_kept", days=5, length=90))
    assert there.says(there.t("history.flow_too_few", enough=10))
    assert there.says(there.t("history.shares_too_few", enough=7))
    (dots,) = there.app.get("plotly_chart")
    assert dots.proto.alt == there.t("history.flow_alt"), "no chart of the shares of five days"
    there.app.button_group(key="history_section").set_value("tags").run()
    assert there.says(there.t("history.tags_too_few", enough=10))
    assert not there.says("running")
    there.app.button_group(key="history_section").set_value("rhythm").run()
    assert there.says(there.t("history.too_few_groups", enough=10))
    there.app.button_group(key="history_section").set_value("compare").run()
    assert not there.app.get("plotly_chart")


def test_history_beside_the_year_before(visit: Callable[..., Visit]) -> None:
    def fill(person) -> None:
        for ago in range(1, 21):
            keep(person, (TODAY - timedelta(days=ago)).isoformat(), "happiness")
            keep(person, (TODAY - timedelta(days=365 + ago)).isoformat(), "sadness")

    there = visit_with(visit, "pages/history.py", fill)
    there.app.button_group(key="history_section").set_value("compare").run()
    assert not there.app.get("plotly_chart")
    there.app.button_group(key="history_beside").set_value("year_before").run()
    there.expect_calm()
    assert there.says(there.t("history.compare_days", now=20, then=20))
    assert there.says("\ue6a0\xa0Happiness, 0% → 100%") or there.says("\ue6a6\xa0Sadness, 100% → 0%")
    assert not there.says(f"({there.t('certainty.chance')})")


def test_on_this_day_only_for_those_who_want_it(visit: Callable[..., Visit]) -> None:
    day, years = next(pair for pair in on_this_day.same_days(TODAY, date(2020, 1, 1)) if pair[1] == 1)

    there = visit_with(visit, "pages/today.py", lambda person: keep(person, day.isoformat(), note="a year ago today"))
    assert not there.says("a year ago today")
    there.app.switch_page("pages/settings.py").run()
    there.app.toggle(key="choose_on_this_day").set_value(True).run()
    there.app.switch_page("pages/today.py").run()
    there.expect_calm()
    assert there.says("a year ago today")
    assert there.says(there.t("memory.title"))
    assert years == 1
