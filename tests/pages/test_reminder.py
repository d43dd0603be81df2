"""The reminder's part of *Your data*: time, days, devices and the file."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import time

import pytest
import streamlit as st

from components import public_address
from components.text import plain
from diary import sessions
from reminders import addresses, devices, mail, schedule, web_push, weekly
from reminders.outcomes import NotSent
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


def mail_on(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Switches mails on as the operator does; returns what is sent: addresses and codes."""
    sent: list[tuple[str, str]] = []
    monkeypatch.setenv("HARU_SMTP_URL", "smtp://localhost:1")
    monkeypatch.setenv("HARU_SMTP_FROM", "haru@example.org")
    monkeypatch.setenv("HARU_PUBLIC_URL", "https://diary.example.org")
    monkeypatch.setattr(mail, "send_code", lambda address, language, code: sent.append((address, code)))
    return sent


def submit(there: Visit, field: str, text: str, button: str) -> None:
    there.app.text_input(key=field).set_value(text)
    there.press(button)


def test_without_the_operators_services_there_is_the_device_and_the_file(visit: Callable[..., Visit]) -> None:
    there = visit(PAGE)
    headings = [heading.value for heading in there.app.subheader]
    assert there.t("reminder.device") in headings
    assert not {there.t("reminder.mail"), there.t("reminder.channel")} & set(headings)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_an_address_is_confirmed_and_given_up(
    visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    sent = mail_on(monkeypatch)
    there = visit(PAGE, language)
    submit(there, "reminder_mail_address", "jiwoo@localhost", "reminder.send_code")
    assert (there.notice, sent) == (there.t("error.address_unusable"), [])
    submit(there, "reminder_mail_address", "ji*woo*`@example.org", "reminder.send_code")
    assert there.says(there.t("reminder.code_sent", address=f"**{plain('ji*woo*`@example.org')}**"))
    ((address, code),) = sent
    assert address == "ji*woo*`@example.org"
    submit(there, "reminder_mail_code", "no code", "reminder.confirm")
    assert there.notice == there.t("error.code_wrong")
    submit(there, "reminder_mail_code", code, "reminder.confirm")
    assert there.says(there.t("reminder.address_on", address=f"**{plain('ji*woo*`@example.org')}**"))
    assert there.says(there.t("reminder.places", count=1))
    there.press("reminder.address_off")
    assert addresses.of(there.session, addresses.MAIL) is None
    there.expect_calm()


def test_a_mail_server_that_is_down_is_said(visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch) -> None:
    mail_on(monkeypatch)

    def refuse(*_arguments: object) -> None:
        raise NotSent("no connection")

    monkeypatch.setattr(mail, "send_code", refuse)
    there = visit(PAGE)
    submit(there, "reminder_mail_address", "jiwoo@example.org", "reminder.send_code")
    assert there.notice == there.t("error.reminder_not_sent")
    assert addresses.of(there.session, addresses.MAIL) is None


def test_the_channel_has_the_operators_label(visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARU_APPRISE_URL", "ntfys://ntfy.example.org/{}")
    monkeypatch.setenv("HARU_APPRISE_LABEL", "ntfy topic")
    there = visit(PAGE)
    assert there.app.text_input(key="reminder_channel_address").label == "ntfy topic"


def test_the_download_and_the_settings_know_the_reminders(
    visit: Callable[..., Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = visit("pages/settings.py")
    assert not there.says(there.t("settings.reminders_go_to", count=1))
    devices.add(there.session, FakeBrowser("https://push.example.net/1").subscription, None)
    there.app.run()
    assert there.says(there.t("settings.reminders_go_to", count=1))
    files, button = {}, st.download_button

    def download_button(*arguments, **options):
        files[options["key"]] = options["data"]
        return button(*arguments, **options)

    monkeypatch.setattr(st, "download_button", download_button)
    there.app.switch_page(PAGE).run()
    there.expect_calm()
    (make_file,) = [data for key, data in files.items() if key.startswith("take_json_")]
    assert json.loads(make_file())["reminders"]["browsers"][0]["push_service"] == "push.example.net"


@pytest.mark.parametrize("language", ["ko", "en"])
def test_once_a_week_is_off_until_it_is_switched_on(visit: Callable[..., Visit], language: str) -> None:
    there = visit(PAGE, language)
    assert weekly.of(there.session) is None
    there.app.toggle(key="weekly_on").set_value(True).run()
    there.expect_calm()
    found = weekly.of(there.session)
    assert found is not None
    assert (found.at, found.weekdays) == (time(18), frozenset({6}))
    there.app.selectbox(key="weekly_day").set_value(2).run()
    there.app.time_input(key="weekly_time").set_value(time(7, 30)).run()
    found = weekly.of(there.session)
    assert found is not None
    assert (found.at, found.weekdays) == (time(7, 30), frozenset({2}))
    there.app.button_group(key="reminder_weekdays").set_value([]).run()
    there.expect_calm()
    assert schedule.of(there.session).weekdays == frozenset()
    there.app.toggle(key="weekly_on").set_value(False).run()
    there.expect_calm()
    assert weekly.of(there.session) is None
