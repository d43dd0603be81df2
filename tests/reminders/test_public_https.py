"""Requests go to public addresses only, end in time, and follow no redirect."""

from __future__ import annotations

import socket
import threading
import time

import pytest

from reminders import public_https
from tests.reminders.push_service import HOST, PushService


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("142.250.206.202", True),
        ("2404:6800:4005:813::200a", True),
        ("127.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104
        ("10.1.2.3", False),
        ("172.30.84.3", False),
        ("192.168.0.1", False),
        ("169.254.169.254", False),  # where clouds tell a machine its secrets
        ("100.64.0.1", False),
        ("192.0.2.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("240.0.0.1", False),
        ("::", False),
        ("::1", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:127.0.0.1", False),
        ("::127.0.0.1", False),
        ("2002:7f00:1::", False),  # 6to4 of 127.0.0.1
        ("2001:0:a9fe:a9fe::", False),  # Teredo
        ("64:ff9b::7f00:1", False),  # NAT64 of 127.0.0.1
        ("64:ff9b:1::7f00:1", False),
        ("no address", False),
    ],
)
def test_only_addresses_of_the_internet_are_public(address: str, public: bool) -> None:
    assert public_https.is_public(address) is public


@pytest.mark.parametrize("url", ["https://127.0.0.1/x", "https://[::1]/x", "https://2130706433/", "https://0x7f.1/x"])
def test_the_own_machine_gets_no_request_in_any_spelling(url: str) -> None:
    with pytest.raises(public_https.Refused):
        public_https.post(url, {}, b"")


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 443)) for ip in ("142.250.206.202", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_arguments, **_options: found)
    with pytest.raises(public_https.Refused):
        public_https.post("https://push.example.net/x", {}, b"")


def test_it_connects_to_the_address_that_it_checked(service: PushService, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that answers with another address at each look-up reaches nothing else."""
    looked_up: list[str] = []
    look_up = socket.getaddrinfo

    def once(host: str, *arguments: object, **options: object) -> list:
        if host == HOST:
            looked_up.append(host)
        return look_up(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", once)
    assert public_https.post(f"https://{HOST}/x", {}, b"").status == 201
    assert looked_up == [HOST]


def test_a_redirect_is_not_followed(service: PushService) -> None:
    service.status, service.headers = 307, {"Location": f"https://{HOST}/elsewhere"}
    assert public_https.post(f"https://{HOST}/x?y=1", {}, b"").status == 307
    assert [each.path for each in service.received] == ["/x?y=1"]


def test_another_certificate_is_no_answer(service: PushService, monkeypatch: pytest.MonkeyPatch) -> None:
    import ssl

    monkeypatch.setattr(public_https, "_tls", ssl.create_default_context)
    with pytest.raises(public_https.Failed):
        public_https.post(f"https://{HOST}/x", {}, b"")
    assert service.received == []


def test_an_unknown_name_is_no_answer() -> None:
    with pytest.raises(public_https.Failed):
        public_https.post("https://no-such-host.invalid/x", {}, b"")


def test_a_server_that_answers_drop_by_drop_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte comes within the socket's own time limit, so only the limit of the whole exchange ends it."""
    listening = socket.create_server(("127.0.0.1", 0))
    monkeypatch.setattr(public_https, "PORT", listening.getsockname()[1])
    monkeypatch.setattr(public_https, "is_public", lambda address: True)
    monkeypatch.setattr(public_https, "SECONDS", 0.6)
    stopping = threading.Event()

    def drip() -> None:
        taken, _ = listening.accept()
        with taken:
            # A record of TLS whose content comes byte by byte.
            taken.sendall(b"\x16\x03\x03\x3f\xff")
            while not stopping.wait(0.1):
                try:
                    taken.sendall(b"\x00")
                except OSError:
                    return

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    began = time.monotonic()
    with pytest.raises(public_https.Failed):
        public_https.post("https://localhost/x", {}, b"")
    assert time.monotonic() - began < 20, "it would drip for half an hour"
    stopping.set()
    thread.join()
    listening.close()


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120), ("0", 0), ("9" * 30, 86400), ("soon", None), ("-5", None), ("", None), (None, None), ("²", None)],
)
def test_when_to_try_again(value: str | None, seconds: int | None) -> None:
    found = public_https._retry_after(value)
    assert (found.total_seconds() if found is not None else None) == seconds


def test_a_date_to_try_again_at() -> None:
    past = public_https._retry_after("Wed, 21 Oct 2015 07:28:00 GMT")
    assert past is not None
    assert past.total_seconds() == 0
