"""Passkeys: signs in with one, and lists, adds, renames and removes a person's own."""

from __future__ import annotations

import ipaddress
import json
from datetime import datetime
from urllib.parse import urlsplit

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

import settings
from diary import accounts, challenges, errors, passkeys
from diary.passkeys import Answer, Site
from diary.sessions import Session
from language import say
from web import cookies, forms, origins, password_queue, sign_in, templates
from web.account import for_signed_in

PAGE = "/account/passkeys"
_SIGN_IN = "/account/passkey"
_TO_SIGN_IN = "passkey sign-in"


def site_of(request: Request) -> Site:
    """The site that passkeys belong to, for a request that a page posted.

    Raises `PasskeysElsewhere` where the page is not at the public address, and `PasskeysNeedName` at a bare number.
    """
    # A proxy may change the host and the scheme of a request, but not what the browser names as its page.
    page, public = request.headers.get("origin", ""), _public_origin()
    if public and page not in ("", public):
        raise errors.PasskeysElsewhere(address=public)
    host = request.headers.get("host", "")
    here = page if _netloc(page) == host.lower() else f"{request.url.scheme}://{host}"
    origin = public or here.lower()
    name = urlsplit(origin).hostname or ""
    if _is_number(name):
        raise errors.PasskeysNeedName()
    return Site(name, origin)


def asked(request: Request, purpose: str) -> Response:
    """The options with which the browser asks for a passkey, as JSON, and the cookie with their challenge.

    `purpose` says what the passkey is for; only `answered` with the same one accepts what the browser answers.
    """
    if origins.sender(request.headers) == "other":
        return _said(request, errors.FormExpired())
    try:
        site = site_of(request)
        challenge, cookie = challenges.new(purpose)
    except errors.DiaryError as error:
        return _said(request, error)
    options = json.loads(passkeys.options_to_open(site, challenge))
    response = JSONResponse({"options": options}, headers={"Cache-Control": "no-store"})
    cookies.set_challenge(request, response, cookie)
    return response


def answered(request: Request, fields: dict[str, str], purpose: str) -> Answer:
    """What the browser answered in a form. A challenge is answered once: call this in a worker thread."""
    challenge = challenges.redeem(request.cookies.get(cookies.CHALLENGE, ""), purpose)
    return Answer(site_of(request), challenge, fields.get("credential", ""), fields.get("secret", ""))


async def _challenge(request: Request) -> Response:
    return await to_thread.run_sync(asked, request, _TO_SIGN_IN)


async def _sign_in(request: Request) -> Response:
    """Signs in with what assets/account/passkeys.js posted; an error shows the sign-in page again."""
    if request.method != "POST":
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(sign_in.SIGN_IN + query, status_code=303)
    next_page = "/"
    try:
        fields = await forms.read(request)
        next_page = sign_in.safe_next_page(fields.get("next"))
        address = sign_in.address_of(request)
        token = await to_thread.run_sync(
            lambda: passkeys.sign_in(lambda: answered(request, fields, _TO_SIGN_IN), address)
        )
        return await sign_in.signed_in(request, token, next_page)
    except errors.DiaryError as error:
        return await sign_in.with_error(request, error, next_page)


async def _passkeys(request: Request, session: Session) -> Response:
    if request.method != "POST":
        return await _list(request, session, added=request.query_params.get("added") == "yes")
    fields: dict[str, str] = {}
    try:
        fields = await forms.read(request)
        act = fields.get("act")
        if act == "begin":
            return await _begin(request, session, fields)
        if act == "finish":
            await to_thread.run_sync(_finish, request, session, fields)
            return RedirectResponse(f"{PAGE}?added=yes", status_code=303)
        if act == "rename":
            await to_thread.run_sync(passkeys.rename, session, fields.get("id", ""), fields.get("name", ""))
        if act == "remove":
            await to_thread.run_sync(passkeys.remove, session, fields.get("id", ""))
        return RedirectResponse(PAGE, status_code=303)
    except errors.DiaryError as error:
        typed = fields.get("name", "") if fields.get("act") in ("begin", "finish") else ""
        return await _list(request, session, error=error, name=typed)


async def _begin(request: Request, session: Session, fields: dict[str, str]) -> Response:
    """After the password, shows the button that makes the passkey."""
    site, name = site_of(request), passkeys.tidy_name(fields.get("name", ""))
    await password_queue.run(request, accounts.confirm_password, session, fields.get("password", ""))
    challenge, cookie = challenges.new(_to_add(session))
    options = await to_thread.run_sync(passkeys.options_to_add, session, site, challenge)
    values = {"name": name, "options": options, "handle": json.loads(options)["user"]["id"]}
    response = templates.render(request, "passkey_new.html", values)
    cookies.set_challenge(request, response, cookie)
    return response


def _finish(request: Request, session: Session, fields: dict[str, str]) -> None:
    answer = answered(request, fields, _to_add(session))
    passkeys.add(session, answer, fields.get("name", ""), fields.get("handle", ""))


def _to_add(session: Session) -> str:
    # The challenge is made only after the password: who can answer it has typed that.
    return f"passkey add {session.token_hash}"


async def _list(
    request: Request, session: Session, *, added: bool = False, name: str = "", error: errors.DiaryError | None = None
) -> Response:
    here = urlsplit(_public_origin() or str(request.url)).hostname

    def day(moment: datetime) -> str:
        return templates.day(request, moment, session.timezone)

    rows = [
        {
            "id": key.id,
            "name": key.name,
            "made": day(key.created_at),
            "used": day(key.used_at) if key.used_at else "",
            "host": key.host,
            "elsewhere": key.host != here,
        }
        for key in await to_thread.run_sync(passkeys.listed, session)
    ]
    values = {"passkeys": rows, "name": name, "name_max": passkeys.NAME_MAX, "added": added}
    return templates.render(request, "passkeys.html", values, error=error)


def _said(request: Request, error: errors.DiaryError) -> Response:
    sentence = say(templates.language_of(request), f"error.{error.code}", **error.facts)
    return JSONResponse({"error": sentence}, status_code=templates.status_of(error))


def _public_origin() -> str:
    """HARU_PUBLIC_URL as browsers write it: in small letters, without a path and the usual port."""
    parts = urlsplit(settings.PUBLIC_URL.get().lower())
    if not parts.hostname:
        return ""
    usual = {"http": ":80", "https": ":443"}[parts.scheme]
    return f"{parts.scheme}://{parts.netloc.removesuffix(usual)}"


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


routes = [
    Route(PAGE, for_signed_in("passkeys.html", _passkeys), methods=["GET", "POST"]),
    Route(f"{_SIGN_IN}/challenge", _challenge, methods=["POST"]),
    Route(_SIGN_IN, _sign_in, methods=["GET", "POST"]),
]
