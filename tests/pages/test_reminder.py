"""The reminder's part of *Your data*: time, days, devices and the file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time

import pytest

from components import public_address
from diary import sessions
from reminders import devices, schedule, web_push
from tests.pages.conftest import Visit
from tests.reminders.push_service import FakeBrowser
from web import streamlit_private

PAGE = "pages/data.py"


def switch(there: Visit) -> dict:
    (data,) = there.components("worker")
    return data


@pytest.mark.parametrize("language", ["ko", "en"])
def test_time_and_days_are_stored_as_they_are_chosen(visit: Callable[..., Visit], language: str) -> None:
    there = visit(PAGE, language)
    there.app.time_input(key="reminder_time").set_value(time(7, 30)).run()
    there.expect_calm()
    there.app.button_group(key="reminder_weekdays").set_value([0, 4]).run()
    there.expect_calm()
    found = schedule.of(there.session)
    assert (found.at, found.weekdays) == (time(7, 30), frozenset({0, 4}))
    there.app.button_group(key="reminder_weekdays").set_value([]).run()
    assert there.notice == there.t("error.reminder_without_day")
    assert schedule.of(there.session) == found


def test_what_another_tab_stored_stays(visit: Callable[..., Visit]) -> None:
    there = visit(PAGE)
    schedule.choose(there.session, time(6, 0), {1})
    there.app.run()
    assert schedule.of(there.session).at == time(6, 0)


def test_the_switch_knows_the_devices_and_the_key(visit: Callable[..., Visit]) -> None:
    there = visit(PAGE)
    data = switch(there)
    assert (data["key"], data["devices"], data["worker"]) == (web_push.public_key(), [], "/service-worker.js")
    assert all(data["says"].values())
    assert not [button for button in there.app.button if button.key in ("reminder_now", "reminder_stop")]
    devices.add(there.session, FakeBrowser("https://push.example.net/1").subscription, None)
    there.app.run()
    assert switch(there)["devices"] == devices.ids(there.session.account_id)
    assert there.says(there.t("reminder.places", count=1))
    there.press("reminder.stop")
    assert there.notice == there.t("reminder.stopped")
    assert switch(there)["devices"] == []


def test_one_that_cannot_be_sent_is_answered_by_a_sentence(visit: Callable[..., Visit], monkeypatch) -> None:
    there = visit(PAGE)
    devices.add(there.session, FakeBrowser("https://127.0.0.1/1").subscription, None)
    there.app.run()
    there.press("reminder.now")
    assert there.notice == there.t("error.reminder_not_sent")


def test_the_settings_lead_to_it(visit: Callable[..., Visit]) -> None:
    there = visit("pages/settings.py")
    assert there.says(there.t("reminder.means"))


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("http://localhost:8501/data", "http://localhost:8501"),
        ("https://localhost/", "https://localhost"),
        ("https://evil.example/data", None),  # Haru does not answer to this name
        ("https://localhost@evil.example/", None),
        ("https://user:password@localhost/", None),
        ("javascript://localhost/x", None),
        ("https://[::1", None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
def test_the_browsers_address_counts_only_if_haru_answers_to_it(url: object, address: str | None) -> None:
    assert streamlit_private.allowed_address(url) == address


def test_the_settings_address_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARU_PUBLIC_URL", "https://diary.example.org/")
    assert public_address.public_address() == "https://diary.example.org"


def test_the_page_of_a_person_who_signed_out_in_another_tab(visit: Callable[..., Visit]) -> None:
    there = visit(PAGE)
    sessions.end_all(there.session.account_id)
    there.app.time_input(key="reminder_time").set_value(time(5, 0)).run()
    assert schedule.of(there.session) == schedule.Schedule()
