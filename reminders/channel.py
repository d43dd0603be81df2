"""Reminders through a channel of the operator's choice, by Apprise (HARU_APPRISE_URL): ntfy, Telegram, Matrix …

People do not enter Apprise's addresses themselves. Such an address may name any host, so the server would send requests
into its own network, and some kinds act on the server itself. The operator sets an address with one gap, `{}`, behind
the host, and a person fills the gap with letters, digits, - and _ only: a topic, or the number of a chat.
"""

from __future__ import annotations

import logging

import links
import settings
from language import say
from reminders.occasions import Message
from reminders.outcomes import NotSent

SECONDS = 20.0


def is_on() -> bool:
    return bool(settings.APPRISE_URL.get())


def send_code(name: str, language: str, code: str) -> None:
    """Sends the code that confirms this name in the channel."""
    _send(name, say(language, "app.name"), say(language, "reminder.code_text", code=code))


def send_reminder(message: Message, name: str) -> None:
    """Sends the reminder; raises `NotSent`."""
    home, language = links.public(), message.language
    link = home and home + message.occasion.path
    _send(name, say(language, "app.name"), "\n".join(filter(None, [say(language, message.occasion.asks), link])))


def _send(name: str, title: str, text: str) -> None:
    from apprise import Apprise, AppriseAsset  # most servers have no channel, and it takes half a second

    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its lines may hold the name and what a server answered
    # No file of the channel's state on the disk, and no text of the person's that Apprise would interpret.
    service = Apprise(asset=AppriseAsset(storage_mode="memory", interpret_escapes=False, interpret_emojis=False))
    if not service.add(settings.APPRISE_URL.get().replace("{}", name)):
        raise NotSent("Apprise does not understand HARU_APPRISE_URL")
    if not service.notify(body=text, title=title, timeout=SECONDS):
        raise NotSent("the channel did not take the message")
