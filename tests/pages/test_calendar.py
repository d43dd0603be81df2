"""Days: the calendar of a month and the line below it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

from PIL import Image

from diary import calendar, consents, entries, photos, trackers
from diary.entries import NewEntry
from emotions import BY_KEY, EMOTIONS, luminance, text_colour
from tests.diary.histories import keep
from tests.pages.calendar_page import TODAY, ZONE, label, month_back, month_data, square, visit_with
from tests.pages.conftest import Visit


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
