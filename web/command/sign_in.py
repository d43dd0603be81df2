"""`haru sign-in` stores a token on this machine, `haru sign-out` ends it."""

from __future__ import annotations

import argparse
import getpass
import ipaddress
import sys
from urllib.parse import urlsplit

from language import say
from web.command import credentials
from web.command.client import Client, Refused, Unreachable
from web.command.credentials import Credentials

_SCOPES = {"write": "token.scope_write", "moods": "token.scope_moods", "notes": "token.scope_notes"}


def add_sign_in(parser: argparse.ArgumentParser, language: str) -> None:
    parser.add_argument("url", metavar="URL", help=say(language, "command.url"))
    parser.add_argument("--without-https", action="store_true", help=say(language, "command.without_https"))
    parser.set_defaults(run=_sign_in)


def add_sign_out(parser: argparse.ArgumentParser, language: str) -> None:
    parser.set_defaults(run=_sign_out)


def _sign_in(chosen: argparse.Namespace, language: str) -> str:
    url = _address(chosen.url, chosen.without_https, language)
    token = _token(url, language)
    found = Client(url, token, language).ask("GET", "/token")
    credentials.store(Credentials(url, token))
    scopes = ", ".join(say(language, _SCOPES[scope]) for scope in found["scopes"] if scope in _SCOPES)
    return say(
        language, "command.signed_in", url=url, scopes=scopes, day=found["expires_at"][:10], path=credentials.path()
    )


def _sign_out(_chosen: argparse.Namespace, language: str) -> str:
    here = credentials.load()
    try:
        Client(here.url, here.token, language).ask("DELETE", "/token")
    except Refused:  # it is over or ended already
        credentials.delete()
    except Unreachable:
        credentials.delete()
        return say(language, "command.signed_out_here", url=here.url)
    credentials.delete()
    return say(language, "command.signed_out_now")


def _address(text: str, without_https: bool, language: str) -> str:
    """The address without what a browser adds. Plain http would show the token to the network."""
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_address = False
    if not is_address or "@" in parts.netloc:
        raise Refused(say(language, "command.no_address"), 0)
    if parts.scheme == "http" and not (without_https or _is_this_machine(parts.hostname or "")):
        raise Refused(say(language, "command.needs_https"), 0)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _token(url: str, language: str) -> str:
    """Typed without an echo, or the first line of standard input; never an argument, which others can see."""
    if sys.stdin.isatty():
        print(say(language, "command.where_token", url=url), file=sys.stderr)
        return getpass.getpass(say(language, "command.token")).strip()
    return sys.stdin.readline().strip()
