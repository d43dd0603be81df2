"""The app lock over HTTP: locks this browser, opens it again, sets its PIN, and watches for idle sessions."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from diary import app_lock, errors, passkeys, sessions
from diary.sessions import Session
from web import cookies, forms, origins, password_queue, streamlit_private, templates
from web import passkeys as passkey_pages
from web.account import for_signed_in
from web.sign_in import LOCKED, SIGN_IN, safe_next_page

log = logging.getLogger("haru.lock")

LOCK_NOW = "/account/lock"
ACTIVE = "/account/lock/active"
PIN = "/account/pin"
_INTERVAL = 5.0
"""Seconds between two looks for sessions in which nobody does anything."""


@asynccontextmanager
async def watching() -> AsyncIterator[None]:
    """Locks idle sessions while the server runs, also those whose browser is asleep or gone."""
    watch = asyncio.create_task(_watch())
    try:
        yield
    finally:
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch


async def _watch() -> None:
    is_well = True
    while True:
        await asyncio.sleep(_INTERVAL)
        try:
            for token_hash in await to_thread.run_sync(app_lock.lock_idle):
                streamlit_private.close_tabs_of(token_hash)
            is_well = True
        except errors.DiaryError as error:
            # Whatever the disk does: an idle session counts as locked (diary/sessions.py). One line is enough.
            if is_well:
                log.error("idle sessions cannot be locked now: %s", error.code)
            is_well = False
        except Exception:  # the next look must come
            if is_well:
                log.exception("idle sessions cannot be locked now")
            is_well = False


async def _lock_now(request: Request) -> Response:
    """Locks this browser. A page asks for it by its script, when the person presses the button or does nothing."""
    if origins.sender(request.headers) != "own":
        return PlainTextResponse("Please open Haru in this browser.", status_code=403)
    try:
        session = await to_thread.run_sync(sessions.find, request.cookies.get(cookies.SESSION))
        if session is not None:
            await to_thread.run_sync(app_lock.lock, session.token_hash)
            streamlit_private.close_tabs_of(session.token_hash)
    except errors.DiaryError:
        return PlainTextResponse("Haru cannot be locked now.", status_code=503)
    return Response(status_code=204)


async def _active(request: Request) -> Response:
    """Notes that the person does something. With `?is=open`, a page only asks whether it may be shown."""
    if origins.sender(request.headers) != "own":
        return PlainTextResponse("Please open Haru in this browser.", status_code=403)
    token = request.cookies.get(cookies.SESSION)
    try:
        session = await to_thread.run_sync(sessions.find, token)
        if session is None:
            is_locked = await to_thread.run_sync(sessions.find_locked, token) is not None
            return PlainTextResponse("Please unlock Haru first.", status_code=423 if is_locked else 401)
        if request.query_params.get("is") != "open":
            await to_thread.run_sync(app_lock.note_activity, session)
    except errors.SessionLocked:  # just now
        return PlainTextResponse("Please unlock Haru first.", status_code=423)
    except errors.DiaryError:
        return PlainTextResponse("This cannot be stored now.", status_code=503)
    return Response(status_code=204)


async def _locked(request: Request) -> Response:
    """The page of a locked browser: PIN, passkey or password."""
    token = request.cookies.get(cookies.SESSION) or ""
    next_page = safe_next_page(request.query_params.get("next"))
    values: dict[str, object] = {}
    try:
        locked = await to_thread.run_sync(app_lock.find, token)
        if locked is None:
            is_open = await to_thread.run_sync(sessions.find, token) is not None
            return RedirectResponse(next_page if is_open else SIGN_IN, status_code=303)
        has_passkeys = bool(await to_thread.run_sync(passkeys.count, locked.account_id))
        values = {"has_pin": locked.has_pin, "has_passkeys": has_passkeys}
        if request.method == "POST":
            await _unlock(request, token)
            return RedirectResponse(next_page, status_code=303)
    except errors.AccountLocked as error:  # by the operator
        return templates.render(request, "account_locked.html", error=error)
    except errors.NoPin as error:
        return templates.render(request, "locked.html", values | {"has_pin": False}, error=error)
    except errors.DiaryError as error:
        return templates.render(request, "locked.html", values, error=error)
    return templates.render(request, "locked.html", values)


async def _unlock(request: Request, token: str) -> None:
    fields = await forms.read(request)
    if "credential" in fields:
        purpose = _purpose(token)
        await to_thread.run_sync(
            app_lock.unlock_with_passkey, token, lambda: passkey_pages.answered(request, fields, purpose)
        )
    elif "pin" in fields:
        await password_queue.run(request, app_lock.unlock_with_pin, token, fields["pin"])
    else:
        await password_queue.run(request, app_lock.unlock_with_password, token, fields.get("password", ""))


async def _challenge(request: Request) -> Response:
    """For the passkey that opens this browser again."""
    token = request.cookies.get(cookies.SESSION) or ""
    return await to_thread.run_sync(passkey_pages.asked, request, _purpose(token))


def _purpose(token: str) -> str:
    """The challenge fits one browser: the answer to it opens no other."""
    return f"unlock {hashlib.sha256(token.encode(errors='surrogatepass')).hexdigest()}"


async def _pin(request: Request, session: Session) -> Response:
    """Sets, changes or removes the PIN of this browser, each after the password."""
    values: dict[str, object] = {"has_pin": await to_thread.run_sync(app_lock.has_pin, session)}
    if request.method != "POST":
        return templates.render(request, "pin.html", values)
    try:
        fields = await forms.read(request)
        if fields.get("remove") == "yes":
            await password_queue.run(request, app_lock.remove_pin, session, fields.get("password", ""))
            return templates.render(request, "pin_changed.html", {"has_pin": False})
        token = request.cookies.get(cookies.SESSION) or ""
        await password_queue.run(
            request, app_lock.set_pin, session, token, fields.get("pin", ""), fields.get("password", "")
        )
    except errors.DiaryError as error:
        return templates.render(request, "pin.html", values, error=error)
    return templates.render(request, "pin_changed.html", {"has_pin": True})


routes = [
    Route(LOCKED, _locked, methods=["GET", "POST"]),
    Route(f"{LOCKED}/challenge", _challenge, methods=["POST"]),
    Route(LOCK_NOW, _lock_now, methods=["POST"]),
    Route(ACTIVE, _active, methods=["POST"]),
    Route(PIN, for_signed_in("pin.html", _pin), methods=["GET", "POST"]),
]
