"""How reminders are sent: by mail, or by another channel."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.utils import formataddr, parseaddr
from urllib.parse import unquote, urlsplit

from settings.network import PUBLIC_URL
from settings.readers import label
from settings.setting import Row, Setting, Text


@dataclass(frozen=True)
class SmtpServer:
    """The mail server that sends reminders."""

    host: str
    port: int
    encryption: str
    """`tls` from the start, `starttls`, or `none`: only on this machine."""
    user: str = ""
    password: str = field(default="", repr=False)


def _smtp(text: str) -> SmtpServer:
    message = "must be an address such as smtps://user:password@mail.example.org:465, or smtp:// for STARTTLS."
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueError(message) from None
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path not in ("", "/") or parts.query:
        raise ValueError(message)
    is_here = parts.hostname in ("localhost", "127.0.0.1", "::1")
    encryption = "tls" if parts.scheme == "smtps" else "none" if is_here else "starttls"
    usual = {"tls": 465, "starttls": 587, "none": 25}[encryption]
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return SmtpServer(parts.hostname, port or usual, encryption, user, password)


def _check_smtp(_server: SmtpServer | None) -> None:
    if not SMTP_FROM.get() or not PUBLIC_URL.get():
        raise ValueError("must come with HARU_SMTP_FROM and HARU_PUBLIC_URL, which are not set.")


def _sender(text: str) -> str:
    name, address = parseaddr(text)
    if not text.isprintable() or not re.fullmatch(r"[^@\s<>]+@[A-Za-z0-9.-]+", address) or not address.isascii():
        raise ValueError(f"must be an address such as Haru <haru@example.org>, not {text!r}.")
    return formataddr((name, address))


def _apprise(text: str) -> str:
    """An address of Apprise with one gap for what a person enters; it may hold a secret, so no message repeats it."""
    message = "must be an address of Apprise with one {} behind its host, such as ntfys://ntfy.example.org/{}."
    try:
        parts = urlsplit(text)
    except ValueError:
        raise ValueError(message) from None
    if not parts.scheme or not parts.netloc or text.count("{}") != 1 or "{}" in parts.scheme + parts.netloc:
        raise ValueError(message)
    return text


SMTP: Setting[SmtpServer | None] = Setting(
    Row(
        "HARU_SMTP_URL",
        Text(
            "mail server for reminders: `smtps://user:password@host:465`, or `smtp://…` for STARTTLS",
            "알림 메일을 보낼 서버: `smtps://user:password@host:465`, STARTTLS면 `smtp://…`",
        ),
        Text("no reminders by mail", "메일 알림 없음"),
    ),
    parse=_smtp,
    default=None,
    check=_check_smtp,
    is_secret=True,
)
SMTP_FROM: Setting[str] = Setting(
    Row(
        "HARU_SMTP_FROM",
        Text(
            "sender of these mails, such as `Haru <haru@example.org>`",
            "메일의 보낸 사람. 예: `Haru <haru@example.org>`",
        ),
        Text("none", "없음"),
    ),
    parse=_sender,
    default="",
)
APPRISE_URL: Setting[str] = Setting(
    Row(
        "HARU_APPRISE_URL",
        Text(
            "another channel for reminders, as an address of Apprise with a `{}` that each person fills in, such as "
            "`ntfys://ntfy.example.org/{}`",
            "알림을 보낼 다른 통로: Apprise 주소. `{}` 자리는 각자 채워요. 예: `ntfys://ntfy.example.org/{}`",
        ),
        Text("none", "없음"),
    ),
    parse=_apprise,
    default="",
    is_secret=True,
)
APPRISE_LABEL: Setting[str] = Setting(
    Row(
        "HARU_APPRISE_LABEL",
        Text("what people enter there, such as `ntfy topic`", "거기에 채우는 것의 이름. 예: `ntfy topic`"),
        Text("none", "없음"),
    ),
    parse=label,
    default="",
)
