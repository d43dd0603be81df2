"""Reminders by e-mail and by the operator's channel: only to confirmed addresses, and easy to stop."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

import settings
from diary import accounts, database, entries, errors, sessions
from diary.entries import NewEntry
from diary.sessions import Session
from reminders import addresses, channel, mail, sender, server_seal
from reminders.occasions import DAILY, Message
from reminders.outcomes import NotSent, Rejected
from tests.reminders.conftest import Clock
from tests.reminders.mail_server import MailServer
from tests.reminders.subscribed import NINE_IN_SEOUL, long_ago

ADDRESS = "jiwoo@mail.example.org"


def confirmed(session: Session, kind: str = addresses.MAIL, address: str = ADDRESS) -> None:
    address, code = addresses.propose(session, kind, address)
    addresses.confirm(session, kind, code)
    long_ago(session, "21:00")


def reminder(person: Session, day: date | None) -> Message:
    return Message(DAILY, person.account_id, "en", day, datetime.now(UTC))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_mail_asks_links_to_haru_and_says_nothing_of_the_diary(
    sign_up: Callable[..., str], mail_server: MailServer, language: str
) -> None:
    session = sessions.find(sign_up(language=language))
    assert session is not None
    entries.add(session, NewEntry("sadness", 2, date(2026, 11, 19), "Asia/Seoul", note="비밀", tags=("산책",)))
    confirmed(session)
    sender.send_due(Clock(*NINE_IN_SEOUL))
    sender.send_due(Clock(*NINE_IN_SEOUL))
    ((recipient, message),) = mail_server.received
    assert (recipient, message["To"], message["From"]) == (ADDRESS, ADDRESS, "Haru <haru@example.org>")
    assert message["Subject"] == {"ko": "하루: 오늘은 어땠나요?", "en": "Haru: how was today?"}[language]
    text = message.get_content()
    assert "https://diary.example.org" in text.splitlines()
    for secret in ("비밀", "산책", "sadness", session.name, session.account_id):
        assert secret not in message.as_string() + text
    assert message["Auto-Submitted"] == "auto-generated"
    # One click, as RFC 8058 wants it: an HTTPS address, and the header that says a POST is enough.
    link = message["List-Unsubscribe"].strip("<>")
    assert link.startswith("https://diary.example.org/account/reminders/stop/")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in text
    # As it stands: mail programs do not decode this header. Everything else is ASCII in short lines.
    (raw,) = mail_server.raw
    assert f"\r\nList-Unsubscribe: <{link}>\r\n".encode() in raw
    assert raw.isascii()
    assert all(len(line) < 998 for line in raw.split(b"\r\n"))


def test_each_try_of_a_day_has_the_same_id(person: Session, mail_server: MailServer) -> None:
    confirmed(person)
    for day in (date(2026, 11, 20), date(2026, 11, 20), date(2026, 11, 21)):
        mail.send_reminder(reminder(person, day), ADDRESS)
    first, again, next_day = (message["Message-ID"] for _, message in mail_server.received)
    assert first == again != next_day
    assert re.fullmatch(r"<[0-9a-f]{32}@example\.org>", first)


def test_nothing_goes_to_an_address_that_is_not_confirmed(person: Session, mail_server: MailServer) -> None:
    addresses.propose(person, addresses.MAIL, ADDRESS)
    long_ago(person, "21:00")
    sender.send_due(Clock(*NINE_IN_SEOUL))
    assert mail_server.received == []
    with pytest.raises(errors.ReminderNotSent):
        sender.send_now(person)


def test_only_the_right_code_confirms(person: Session, data_folder) -> None:
    _, code = addresses.propose(person, addresses.MAIL, f" {ADDRESS} ")
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for tried in ("", wrong, "코드", "\ud800"):
        with pytest.raises(errors.CodeWrong):
            addresses.confirm(person, addresses.MAIL, tried)
    assert addresses.of(person, addresses.MAIL) == addresses.Address(ADDRESS, False)
    addresses.confirm(person, addresses.MAIL, f" {code} ")
    assert addresses.of(person, addresses.MAIL) == addresses.Address(ADDRESS, True)
    with pytest.raises(errors.CodeWrong):  # it is confirmed already
        addresses.confirm(person, addresses.MAIL, code)


def test_a_code_cannot_be_guessed(person: Session) -> None:
    _, code = addresses.propose(person, addresses.MAIL, ADDRESS)
    for guess in range(5):
        with pytest.raises(errors.CodeWrong):
            addresses.confirm(person, addresses.MAIL, f"{(int(code) + 1 + guess) % 1_000_000:06}")
    with pytest.raises(errors.CodeWrong):
        addresses.confirm(person, addresses.MAIL, code)
    assert not addresses.of(person, addresses.MAIL).is_confirmed


def test_a_code_is_good_for_a_quarter_of_an_hour(person: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    _, code = addresses.propose(person, addresses.MAIL, ADDRESS)

    class Later(datetime):
        @classmethod
        def now(cls, zone=None):
            return datetime.now(UTC) + timedelta(minutes=16)

    monkeypatch.setattr(addresses, "datetime", Later)
    with pytest.raises(errors.CodeWrong):
        addresses.confirm(person, addresses.MAIL, code)


def test_nobody_makes_haru_write_to_a_stranger_again_and_again(person: Session, stranger: Session) -> None:
    with pytest.raises(errors.TooManyTries):
        for _ in range(10):
            addresses.propose(person, addresses.MAIL, ADDRESS)
    with pytest.raises(errors.TooManyTries):
        addresses.propose(stranger, addresses.MAIL, ADDRESS.upper())
    addresses.propose(stranger, addresses.MAIL, "somebody@mail.example.org")


@pytest.mark.parametrize(
    "address",
    [
        "", "jiwoo", "jiwoo@", "@example.org", "jiwoo@localhost", "jiwoo@[127.0.0.1]", "jiwoo@127.0.0.1",
        "a@b.example, c@d.example", "jiwoo@example.org\r\nBcc: x@example.org", "Jiwoo <jiwoo@example.org>",
        "지우@example.org", "jiwoo@하루.example", "j iwoo@example.org", f"{'x' * 65}@example.org",
        "x@" + "a." * 200 + "org",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(person: Session, address: str) -> None:
    with pytest.raises(errors.AddressUnusable):
        addresses.propose(person, addresses.MAIL, address)
    assert addresses.of(person, addresses.MAIL) is None


def test_the_link_stops_the_mails_to_this_address_only(
    person: Session, stranger: Session, mail_server: MailServer
) -> None:
    confirmed(person)
    confirmed(stranger, address="other@mail.example.org")
    token = addresses.stop_token(person.account_id, ADDRESS)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", token)
    for changed in (
        token[:-4],
        token[:20] + ("A" if token[20] != "A" else "B") + token[21:],
        "",
        "한",
        "=",
        "A" * 5000,
    ):
        assert not addresses.stop(changed)
    assert addresses.find(person.account_id, addresses.MAIL) == ADDRESS
    # A token is sealed for this purpose: another sealed value of this server is none.
    other = server_seal.seal([person.account_id, ADDRESS], "something else")
    assert not addresses.stop(base64.urlsafe_b64encode(other).rstrip(b"=").decode())
    assert addresses.is_stop_token(token)
    assert addresses.stop(token)
    assert addresses.of(person, addresses.MAIL) is None
    assert addresses.stop(token), "a second press is no error"
    assert addresses.find(stranger.account_id, addresses.MAIL) == "other@mail.example.org"
    # An old mail does not stop those to a new address.
    confirmed(person, address="new@mail.example.org")
    assert addresses.stop(token)
    assert addresses.find(person.account_id, addresses.MAIL) == "new@mail.example.org"


@pytest.mark.parametrize(("answer", "kind", "tries"), [("550 nobody", Rejected, 1), ("451 later", NotSent, 7)])
def test_a_recipient_who_is_refused(
    person: Session, mail_server: MailServer, caplog: pytest.LogCaptureFixture, answer: str, kind: type, tries: int
) -> None:
    confirmed(person)
    mail_server.refusal = answer
    with pytest.raises(kind):
        mail.send_reminder(reminder(person, None), ADDRESS)
    tried = 0
    send = mail._send

    def counted(message: object) -> None:
        nonlocal tried
        tried += 1
        send(message)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mail, "_send", counted)
        for minute in range(70):
            clock = Clock(*NINE_IN_SEOUL)
            clock.now += timedelta(minutes=minute)
            sender.send_due(clock)
    assert tried == tries
    assert ADDRESS not in caplog.text
    assert addresses.find(person.account_id, addresses.MAIL) == ADDRESS


def test_a_mail_server_that_is_down_or_gone(person: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    confirmed(person)
    monkeypatch.setenv("HARU_SMTP_FROM", "haru@example.org")
    monkeypatch.setenv("HARU_SMTP_URL", "smtp://localhost:1")
    with pytest.raises(NotSent):
        mail.send_reminder(reminder(person, None), ADDRESS)
    monkeypatch.delenv("HARU_SMTP_URL")
    sender.send_due(Clock(*NINE_IN_SEOUL))
    with database.connect() as db:
        assert db.table("reminder_sendings").count == 0, "the operator switched mails off"


def test_a_password_goes_out_encrypted_only(mail_server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond this machine, a server without STARTTLS gets neither password nor mail."""
    assert settings.SMTP.parse("smtp://mail.example.org").encryption == "starttls"
    assert settings.SMTP.parse("smtps://localhost").encryption == "tls"
    assert settings.SMTP.parse("smtp://localhost").encryption == "none"
    server = settings.SmtpServer("127.0.0.1", mail_server.port, "starttls", "haru", "a-secret-word")
    monkeypatch.setattr(mail.settings, "SMTP", type("Set", (), {"get": staticmethod(lambda: server)}))
    with pytest.raises(NotSent):
        mail.send_code(ADDRESS, "en", "123456")
    assert mail_server.received == []
    assert "a-secret-word" not in repr(server)


def test_the_address_is_sealed_and_goes_with_the_account(person: Session, mail_server, data_folder) -> None:
    confirmed(person)
    assert ADDRESS.encode() not in b"".join(file.read_bytes() for file in data_folder.glob("haru.db*"))
    accounts.delete(person)
    with database.connect() as db:
        assert db.table("reminder_addresses").count == 0


@pytest.fixture
def topics(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, dict]]]:
    """A channel that the operator set: Apprise posts JSON to a server of this machine."""
    received: list[tuple[str, dict]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            received.append((self.path, content))
            self.send_response(200 if "good" in self.path else 500)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("HARU_APPRISE_URL", f"json://127.0.0.1:{server.server_port}/{{}}")
    yield received
    server.shutdown()
    server.server_close()


def test_a_channel_of_the_operator(person: Session, topics: list[tuple[str, dict]]) -> None:
    confirmed(person, addresses.CHANNEL, "a_good-topic")
    sender.send_due(Clock(*NINE_IN_SEOUL))
    sender.send_due(Clock(*NINE_IN_SEOUL))
    ((path, content),) = topics
    assert path.rstrip("/") == "/a_good-topic"
    assert (content["title"], content["message"]) == ("Haru", "How was today?")


def test_a_channel_that_refuses(person: Session, topics: list, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(NotSent):
        channel.send_code("wrong", "en", "123456")
    assert len(topics) == 1
    assert "wrong" not in caplog.text
    assert "127.0.0.1" not in caplog.text


@pytest.mark.parametrize(
    "name",
    ["", "a/b", "..", "a?b=c", "a,json://127.0.0.1", "%2e%2e", "a b", "x" * 65, "{}", "a@b", "a:1", "주제"],
)
def test_a_name_adds_nothing_to_the_operators_address(person: Session, name: str) -> None:
    with pytest.raises(errors.AddressUnusable):
        addresses.propose(person, addresses.CHANNEL, name)
