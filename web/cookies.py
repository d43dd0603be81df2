"""The cookies that Haru sets: eight here; scripts in the browser set the theme and the step of the demo's route."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta

from starlette.requests import HTTPConnection
from starlette.responses import Response

from diary import challenges, known_browsers, second_factor, sessions

SESSION = "haru_session"
"""Its name in all of Haru's code; browsers may have it by another one (web/session_cookie.py)."""
BROWSER = "haru_browser"
CHALLENGE = "haru_challenge"
PENDING = "haru_pending"
PROVIDER = "haru_provider"
IDENTITY = "haru_identity"
FORM = "haru_form"
FORM_UNDER_HTTPS = "__Host-haru_form"
"""Browsers accept this name only from this host itself and only under https."""
LANGUAGE = "haru_language"
THEME = "haru_theme"
DEMO_STEP = "haru_demo_step"

THEMES = ("light", "dark")
"""Without the cookie, pages look as the system does."""

_YEAR = 365 * 24 * 3600


def set_session(request: HTTPConnection, response: Response, token: str) -> None:
    # It lasts longer than the idle limit: the database decides whether the session is still valid.
    _set(request, response, SESSION, token, int(sessions.LIFETIME.total_seconds()))


def clear_session(request: HTTPConnection, response: Response) -> None:
    _clear(request, response, SESSION)


def browser(request: HTTPConnection) -> str:
    """By what accounts know this browser; empty for one that was never signed in."""
    return request.cookies.get(BROWSER, "")


def set_browser(request: HTTPConnection, response: Response, tokens: str) -> None:
    """Sets what `known_browsers.remember` returned. It stays after signing out."""
    _set(request, response, BROWSER, tokens, int(known_browsers.LIFETIME.total_seconds()))


def set_pending(request: HTTPConnection, response: Response, token: str) -> None:
    """Sets the cookie of a sign-in that still needs a code."""
    _set(request, response, PENDING, token, int(second_factor.PENDING_LIFETIME.total_seconds()))


def clear_pending(request: HTTPConnection, response: Response) -> None:
    _clear(request, response, PENDING)


def set_provider(request: HTTPConnection, response: Response, challenge: str, lasts: timedelta) -> None:
    """Sets the cookie of a sign-in that is under way at the organisation's provider."""
    _set(request, response, PROVIDER, challenge, int(lasts.total_seconds()))


def clear_provider(request: HTTPConnection, response: Response) -> None:
    _clear(request, response, PROVIDER)


def set_identity(request: HTTPConnection, response: Response, sealed: str, seconds: int) -> None:
    """Sets what web/oidc/cookie.py sealed."""
    _set(request, response, IDENTITY, sealed, seconds)


def clear_identity(request: HTTPConnection, response: Response) -> None:
    _clear(request, response, IDENTITY)


def set_challenge(request: HTTPConnection, response: Response, value: str) -> None:
    _set(request, response, CHALLENGE, value, int(challenges.LIFETIME.total_seconds()))


def clear_demo_step(response: Response) -> None:
    response.delete_cookie(DEMO_STEP, path="/")


def set_language(request: HTTPConnection, response: Response, language: str) -> None:
    _set(request, response, LANGUAGE, language, _YEAR)


def set_form(request: HTTPConnection, response: Response, value: str) -> None:
    _set(request, response, FORM_UNDER_HTTPS if is_https(request) else FORM, value, _YEAR)


def form_cookie(request: HTTPConnection) -> str | None:
    """The form cookie that Haru itself gave this browser."""
    return request.cookies.get(FORM_UNDER_HTTPS) if is_https(request) else form_cookie_of_page(request.cookies)


def form_cookie_of_page(cookies: Mapping[str, str]) -> str | None:
    """The form cookie, where it is not known whether the page came with https."""
    return cookies.get(FORM_UNDER_HTTPS) or cookies.get(FORM)


def new_form_cookie() -> str:
    return secrets.token_urlsafe(24)


def _set(request: HTTPConnection, response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(name, value, max_age=seconds, path="/", secure=is_https(request), httponly=True, samesite="lax")


def _clear(request: HTTPConnection, response: Response, name: str) -> None:
    response.delete_cookie(name, path="/", secure=is_https(request), httponly=True, samesite="lax")


def is_https(request: HTTPConnection) -> bool:
    # Behind a trusted proxy, uvicorn has set the scheme from X-Forwarded-Proto.
    return request.url.scheme in ("https", "wss")
