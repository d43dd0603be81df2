"""Reminders by e-mail, through the operator's mail server (HARU_SMTP_URL).

Each one has a link that stops them, also as the headers that mail programs make a button of (RFC 8058).
"""

from __future__ import annotations

import hmac
import smtplib
import ssl
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

import links
import settings
from diary import server_secret
from language import say
from reminders import addresses
from reminders.occasions import Message
from reminders.outcomes import NotSent, Rejected

# Folded, the long link of a header would be encoded, and mail programs do not decode it there.
_UNFOLDED = policy.SMTP.clone(max_line_length=998)
SECONDS = 15.0
"""For each step of the exchange with the mail server."""
STOP = "/account/reminders/stop/"
"""The path of the page that stops the mails; the token follows."""


def is_on() -> bool:
    return settings.SMTP.get() is not None


def send_code(address: str, language: str, code: str) -> None:
    """Sends the code that confirms this address."""
    message = _message(address, language, say(language, "reminder.code_subject", code=code))
    message.set_content(say(language, "reminder.code_text", code=code), cte="quoted-printable")
    _send(message)


def send_reminder(reminder: Message, address: str) -> None:
    """Sends the reminder; raises `NotSent` or `Rejected`."""
    home, language, occasion = links.public(), reminder.language, reminder.occasion
    message = _message(address, language, say(language, occasion.subject))
    if reminder.day is not None:
        # The same at each try: a mail server may recognise the second of two.
        about = f"{reminder.account_id} {occasion.prefix}{reminder.day}"
        name = hmac.digest(server_secret.derived("mail"), about.encode(), "sha256").hex()[:32]
        message["Message-ID"] = f"<{name}@{_domain()}>"
    _add(message, address, reminder.account_id, language, f"{say(language, occasion.content)}\n\n{home}{occasion.path}")
    _send(message)


def _add(message: EmailMessage, address: str, account_id: str, language: str, content: str) -> None:
    """Adds the content, and how to stop mails to this address."""
    link = f"{links.public()}{STOP}{addresses.stop_token(account_id, address)}"
    message["List-Unsubscribe"] = f"<{link}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    stop = say(language, "reminder.mail_stop", link=link)
    message.set_content(f"{content}\n\n-- \n{stop}", cte="quoted-printable")


def send_sentence(message_id: str, address: str, account_id: str, language: str, sentence: str) -> None:
    """Sends one sentence that its reader has asked for; raises `NotSent` or `Rejected`."""
    message = _message(address, language, say(language, "trusted.mail_subject"))
    name = hmac.digest(server_secret.derived("mail"), message_id.encode(), "sha256").hex()[:32]
    message["Message-ID"] = f"<{name}@{_domain()}>"
    _add(message, address, account_id, language, sentence)
    _send(message)


def _message(address: str, language: str, subject: str) -> EmailMessage:
    message = EmailMessage(_UNFOLDED)
    message["From"] = settings.SMTP_FROM.get()
    message["To"] = address
    message["Subject"] = subject
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = language
    return message


def _domain() -> str:
    return parseaddr(settings.SMTP_FROM.get())[1].rpartition("@")[2]


def _send(message: EmailMessage) -> None:
    server = settings.SMTP.get()
    if server is None:
        raise NotSent("no mail server is set")
    try:
        with _connection(server) as smtp:
            if server.encryption == "starttls":
                smtp.starttls(context=ssl.create_default_context())
            if server.user:
                smtp.login(server.user, server.password)
            smtp.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        if all(500 <= code < 600 for code, _ in error.recipients.values()):
            raise Rejected("the mail server refuses the recipient") from None
        raise NotSent("the mail server refuses the recipient now") from None
    except smtplib.SMTPException as error:
        # Its text may hold the address or what the server said about it.
        raise NotSent(f"the mail server refused: {type(error).__name__}") from None
    except OSError as error:
        raise NotSent(f"no connection to the mail server: {type(error).__name__}") from None


def _connection(server: settings.SmtpServer) -> smtplib.SMTP:
    if server.encryption == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=context)
    return smtplib.SMTP(server.host, server.port, timeout=SECONDS)
