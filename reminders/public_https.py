"""Sends a POST request to an HTTPS address that a person's browser named, and to public addresses of the internet only.

Otherwise an account could make the server send requests into its own network (SSRF). Haru looks the name up once,
checks every address, and connects to one that it checked: a second look-up could answer differently. It follows no
redirect. A timer ends the whole exchange, so that a slow server cannot hold up other people's reminders.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPSConnection
from urllib.parse import SplitResult, urlsplit

PORT = 443
LONGEST_URL = 2048
SECONDS = 8.0
"""For the whole exchange, after the name was looked up."""


class Refused(ValueError):
    """The address is not one that Haru sends to."""


class Failed(Exception):
    """No answer came: no network, a wrong certificate, or too slow."""


@dataclass(frozen=True)
class Answer:
    status: int
    retry_after: timedelta | None


def check(url: str) -> SplitResult:
    """The parts of an address; raises `Refused` unless it is an HTTPS address on the usual port."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused("unreadable") from None
    is_plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= LONGEST_URL
    if not (is_plain and parts.scheme == "https" and parts.hostname and port in (None, PORT)):
        raise Refused("not an HTTPS address")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Refused("an address with a user or a fragment")
    return parts


def post(url: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Sends the request; raises `Refused` for an address that is not public, and `Failed` without an answer."""
    parts = check(url)
    assert parts.hostname is not None
    connection = _Connection(parts.hostname, _public_address(parts.hostname))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with _deadline(connection):
            connection.request("POST", path, body, dict(headers))
            response = connection.getresponse()
            return Answer(response.status, _retry_after(response.getheader("Retry-After")))
    except (OSError, HTTPException) as error:
        raise Failed(type(error).__name__) from error
    finally:
        connection.close()  # the answer's content is not read


class _Connection(HTTPSConnection):
    """Connects to the address that was checked, and verifies the certificate of the name."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(host, PORT, timeout=SECONDS)
        self._address = address
        self.is_late = False

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), SECONDS)
        if self.is_late:
            raise TimeoutError
        # The handshake comes after, so that `abort` finds the socket.
        self.sock = _tls().wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock.do_handshake()

    def abort(self) -> None:
        """Ends the exchange from another thread."""
        self.is_late = True
        if self.sock is not None:
            with suppress(OSError):  # it has ended already
                self.sock.shutdown(socket.SHUT_RDWR)


@contextmanager
def _deadline(connection: _Connection) -> Iterator[None]:
    timer = threading.Timer(SECONDS, connection.abort)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _public_address(host: str) -> str:
    try:
        found = socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Failed("the name was not found") from error
    addresses = [str(address[0]) for *_, address in found]
    if not addresses or not all(map(is_public, addresses)):
        raise Refused("not a public address")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet; an IPv6 address may contain an IPv4 one."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip.sixtofour is not None and not is_public(str(ip.sixtofour)):
            return False
        if ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)


def _retry_after(value: str | None) -> timedelta | None:
    """The header `Retry-After`: seconds, or a date."""
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return timedelta(seconds=min(int(value[:9]), 86400))
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(timedelta(0), moment - datetime.now(UTC))
