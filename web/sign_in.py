"""Sign-in, sign-up, recovery, sign-out, and the page with help lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from urllib.parse import urlencode

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from diary import (
    accounts,
    consents,
    days,
    errors,
    help_lines,
    invitations,
    known_browsers,
    passkeys,
    sessions,
    signed_in_browsers,
)
from diary.second_factor import CodeNeeded
from web import cookies, forms, password_queue, templates, user_agent
from web.oidc import cookie
from web.oidc.name import lets_in

SIGN_IN, SIGN_UP, RECOVER = "/account/sign-in", "/account/sign-up", "/account/recover"
RECOVERY_CODE = "/account/recovery-code"
LOCKED = "/account/locked"
CODE = "/account/code"
"""Where a sign-in that needs a second factor goes on (web/second_factor.py)."""
INVITATION = "invitation"
"""The part of an address that holds an invitation's token."""


async def sign_in(request: Request) -> Response:
    if request.method != "POST" and await _is_locked(request):
        return templates.render(request, "account_locked.html", error=errors.AccountLocked())
    next_page = safe_next_page(request.query_params.get("next"))

    def start_session(fields: dict[str, str]) -> str | CodeNeeded:
        name, password = fields.get("name", ""), fields.get("password", "")
        return accounts.sign_in(name, password, address=address_of(request), browser=cookies.browser(request))

    who = await who_may_sign_up()
    return await _handle_form(request, "sign_in.html", start_session, next_page, next=next_page, sign_up=who)


async def _is_locked(request: Request) -> bool:
    """Whether this browser is signed in to an account that the operator locked: a tab of it leads here."""
    try:
        await to_thread.run_sync(sessions.find, request.cookies.get(cookies.SESSION))
    except errors.AccountLocked:
        return True
    except errors.DiaryError:  # the form says what is wrong, once it is sent
        pass
    return False


async def with_error(request: Request, error: errors.DiaryError, next_page: str = "/") -> Response:
    """The sign-in page after a sign-in that began elsewhere and failed."""
    values = {"next": next_page, "sign_up": await who_may_sign_up()}
    return templates.render(request, "sign_in.html", values, error=error)


async def who_may_sign_up() -> str | None:
    """What the sign-in page says of new people; None where the database cannot be read."""
    try:
        return await to_thread.run_sync(invitations.mode)
    except errors.DatabaseError:
        return None


async def sign_up(request: Request) -> Response:
    invitation = request.query_params.get(INVITATION, "")
    named = await to_thread.run_sync(cookie.for_new_account, request)
    is_vouched_for = named is not None and lets_in()
    if request.method != "POST" and not is_vouched_for:
        try:
            await to_thread.run_sync(invitations.check, invitation)
        except errors.SignUpRefused as error:
            return _refused_sign_up(request, error)
        except errors.DatabaseError as error:
            return templates.render(request, "unavailable.html", error=error)
    today = days.today(days.FALLBACK)

    def start_session(fields: dict[str, str]) -> str:
        return accounts.sign_up(
            accounts.NewAccount(
                fields.get("name", ""),
                fields.get("password", ""),
                born=_latest_birth_date(fields, today),
                allowed=[kind for kind in (consents.DIARY, *consents.OPTIONAL) if fields.get(f"allow_{kind}") == "yes"],
                language=templates.language_of(request),
                timezone=days.FALLBACK,
                invitation=invitation,
                identity=named.identity if named else None,
                is_vouched_for=is_vouched_for,
            ),
            today=today,
            address=address_of(request),
        )

    shown = {"this_year": today.year, "is_named": named is not None, "name": named.name if named else ""}
    response = await _handle_form(request, "sign_up.html", start_session, RECOVERY_CODE, **shown)
    if named and response.status_code == 303:
        cookies.clear_identity(request, response)
    return response


def _refused_sign_up(request: Request, error: errors.SignUpRefused) -> Response:
    """A page without a form, because no form could be sent."""
    if isinstance(error, (errors.SignUpClosed, errors.InvitationNeeded)) and request.method != "POST":
        return templates.render(request, "sign_up_refused.html", {"why": error.code})  # nobody did anything wrong
    return templates.render(request, "sign_up_refused.html", error=error)


def _latest_birth_date(fields: dict[str, str], today: date) -> date:
    """The last day on which the person can be born.

    The form asks only for the year and, because it matters in one year, whether the birthday was already.
    """
    year = unicodedata.normalize("NFKC", fields.get("born", "")[:_YEAR_MAX]).strip()
    if not re.fullmatch(r"[1-9]\d{3}", year):
        raise errors.BirthDateUnusable()
    if fields.get("had_birthday") == "yes":
        return date(int(year), 1, 1)
    last = date(int(year), 12, 31)
    return today if last.year == today.year else last


async def recover(request: Request) -> Response:
    def start_session(fields: dict[str, str]) -> str:
        if fields.get("password", "") != fields.get("password_again", ""):
            raise errors.PasswordsDiffer()
        return accounts.recover(
            fields.get("name", ""),
            fields.get("code", ""),
            fields.get("password", ""),
            address=address_of(request),
            browser=cookies.browser(request),
        )

    return await _handle_form(request, "recover.html", start_session, "/")


async def sign_out(request: Request) -> Response:
    """A POST signs out at once; a GET shows a button that posts."""
    token = request.cookies.get(cookies.SESSION)
    if request.method != "POST":
        return templates.render(request, "sign_out.html", await to_thread.run_sync(_passkeys_of, token))
    if token is None:  # signed out in another tab
        return RedirectResponse(SIGN_IN, status_code=303)
    try:
        fields = await forms.read(request)
        is_everywhere = fields.get("everywhere") == "yes"
        await to_thread.run_sync(sessions.end_all_of if is_everywhere else sessions.end, token)
    except errors.DiaryError as error:
        return templates.render(request, "sign_out.html", error=error)
    response = RedirectResponse(f"{SIGN_IN}?left=yes", status_code=303)
    cookies.clear_session(request, response)
    # The browser drops pages of the diary from its cache.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _passkeys_of(token: str | None) -> dict[str, object]:
    """How many passkeys still open the diary once everybody is signed out."""
    with suppress(errors.DiaryError):  # signing out says what is wrong
        if session := sessions.find(token):
            return {"passkeys": passkeys.count(session.account_id)}
    return {}


async def help_page(request: Request) -> Response:
    return templates.render(request, "help.html", {"lines": help_lines.nearest_first(templates.language_of(request))})


async def redirect_to_sign_in(request: Request) -> Response:
    """Answers unknown paths below /account/."""
    return RedirectResponse(SIGN_IN, status_code=303)


async def _handle_form(
    request: Request,
    template: str,
    start_session: Callable[[dict[str, str]], str | CodeNeeded],
    next_page: str,
    **shown: object,
) -> Response:
    """Shows a form on GET; on POST, starts a session and redirects, or shows the form again with an error.

    `shown` are further values for the template.
    """
    values: dict[str, object] = {**shown, "step": 1}
    if request.method != "POST":
        values["left"] = request.query_params.get("left", "")
        return templates.render(request, template, values)
    try:
        fields = await forms.read(request)
        # The form keeps what the person typed, except passwords and codes.
        values |= {name: value for name, value in fields.items() if name in _SHOWN_AGAIN or name.startswith("allow_")}
        token = await password_queue.run(request, start_session, fields)
        return await signed_in(request, token, next_page)
    except errors.SignUpRefused as error:
        return _refused_sign_up(request, error)
    except errors.DiaryError as error:
        wrong = _WRONG_FIELD.get(type(error), "")
        values |= {"wrong": wrong, "step": _STEPS.get(wrong, 1)}
        return templates.render(request, template, values, error=error)


async def signed_in(request: Request, token: str | CodeNeeded, next_page: str) -> Response:
    """Gives the browser its new session, in place of the one that it had before; or asks for a code first."""
    if isinstance(token, CodeNeeded):
        wanted = "" if next_page == "/" else f"?{urlencode({'next': next_page})}"
        response = RedirectResponse(CODE + wanted, status_code=303)
        cookies.set_pending(request, response, token.token)
        return response
    known_as = await to_thread.run_sync(remember, token, request)
    await to_thread.run_sync(sessions.end, request.cookies.get(cookies.SESSION))
    response = RedirectResponse(next_page, status_code=303)
    cookies.set_session(request, response, token)
    cookies.set_browser(request, response, known_as)
    return response


def remember(token: str, request: Request) -> str:
    """Makes the browser of a new session known to its account; returns what its cookie must hold."""
    session = sessions.find(token)
    if session is None:
        raise errors.SessionEnded()
    signed_in_browsers.describe(session, *user_agent.described(request.headers.get("user-agent", "")))
    return known_browsers.remember(session, cookies.browser(request))


_SHOWN_AGAIN = ("name", "born", "had_birthday")
_YEAR_MAX = 16  # characters, with spaces around it
_WRONG_FIELD: dict[type[errors.DiaryError], str] = {
    errors.NameTaken: "name",
    errors.NameUnusable: "name",
    errors.PasswordTooShort: "password",
    errors.PasswordTooLong: "password",
    errors.PasswordIsName: "password",
    errors.PasswordTooCommon: "password",
    errors.PasswordsDiffer: "password",
    errors.BirthDateUnusable: "born",
    errors.TooYoung: "born",
    errors.StorageNotAllowed: "allow_diary",
}
_STEPS = {"born": 2, "allow_diary": 3}
"""The steps of sign-up whose fields are not in the first one."""


def safe_next_page(path: str | None) -> str:
    """The page to show after sign-in, if it is a path of this site; prevents an open redirect."""
    return path if path and re.fullmatch(r"/[a-z-]{0,40}", path) else "/"


def address_of(request: Request) -> str:
    return request.client.host if request.client else "unknown"


routes = [
    Route(SIGN_IN, sign_in, methods=["GET", "POST"]),
    Route(SIGN_UP, sign_up, methods=["GET", "POST"]),
    Route(RECOVER, recover, methods=["GET", "POST"]),
    Route("/account/sign-out", sign_out, methods=["GET", "POST"]),
    Route("/account/help", help_page, methods=["GET"]),
]
