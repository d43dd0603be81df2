"""The account pages for a signed-in person: recovery code, change of password, deletion."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

import settings
from diary import accounts, errors, passkeys, sessions
from diary.sessions import Session
from language import say
from web import cookies, forms, password_queue, templates
from web.sign_in import LOCKED, RECOVERY_CODE, SIGN_IN, remember

AccountPage = Callable[[Request, Session], Awaitable[Response]]


def for_signed_in(template: str, page: AccountPage) -> Callable[[Request], Awaitable[Response]]:
    """Gives `page` the session, or redirects to sign-in; an error shows `template` with its sentence."""

    async def endpoint(request: Request) -> Response:
        try:
            token = request.cookies.get(cookies.SESSION)
            session = await to_thread.run_sync(sessions.find, token)
            if session is None:
                is_locked = await to_thread.run_sync(sessions.find_locked, token) is not None
                return RedirectResponse(LOCKED if is_locked else SIGN_IN, status_code=303)
            return await page(request, session)
        except errors.AccountLocked as error:
            return templates.render(request, "account_locked.html", error=error)
        except errors.DiaryError as error:
            return templates.render(request, template, error=error)

    return endpoint


async def _recovery_code(request: Request, session: Session) -> Response:
    fields = await forms.read(request) if request.method == "POST" else {}
    if request.method == "POST" and fields.get("save") != "yes":
        if fields.get("noted") == "yes":
            await to_thread.run_sync(accounts.note_recovery_code, session)
            return RedirectResponse("/", status_code=303)
        await password_queue.run(request, accounts.renew_recovery_code, session, fields.get("password", ""))
        return RedirectResponse(RECOVERY_CODE, status_code=303)
    code = await to_thread.run_sync(accounts.recovery_code, session)
    if code is None:
        return templates.render(request, "recovery_code_renew.html")
    if fields:
        return _code_file(templates.language_of(request), session.name, code)
    return templates.render(request, "recovery_code.html", {"code": code, "name": session.name})


def _code_file(language: str, name: str, code: str) -> Response:
    """The recovery code as a text file. A form asks for it, so that no address leads to the code."""
    text = say(language, "code.file", name=name, code=code, forgot=say(language, "sign_in.forgot"))
    file_name = quote(say(language, "code.file_name"))
    headers = {"Cache-Control": "no-store", "Content-Disposition": f"attachment; filename*=UTF-8''{file_name}"}
    return PlainTextResponse(text, headers=headers)


async def _password(request: Request, session: Session) -> Response:
    has_passkeys = {"has_passkeys": await to_thread.run_sync(passkeys.count, session.account_id) > 0}
    if request.method != "POST":
        return templates.render(request, "password.html", has_passkeys)
    fields = await forms.read(request)
    if fields.get("password", "") != fields.get("password_again", ""):
        raise errors.PasswordsDiffer()
    token = await password_queue.run(
        request, accounts.change_password, session, fields.get("old_password", ""), fields.get("password", "")
    )
    known_as = await to_thread.run_sync(remember, token, request)
    response = templates.render(request, "password_changed.html", has_passkeys)
    cookies.set_session(request, response, token)
    cookies.set_browser(request, response, known_as)
    return response


async def _delete(request: Request, session: Session) -> Response:
    """Deletes the account after the password and a confirmation."""
    if request.method != "POST":
        return templates.render(request, "delete.html")
    fields = await forms.read(request)
    await password_queue.run(request, accounts.confirm_password, session, fields.get("password", ""))
    if fields.get("really") != "yes":
        return templates.render(request, "delete.html", {"asked_again": True})
    await to_thread.run_sync(accounts.delete, session)
    response = templates.render(request, "goodbye.html")
    cookies.clear_session(request, response)
    # The storage is the host name's. Below a base path, other programs keep theirs there, too.
    response.headers["Clear-Site-Data"] = '"cache"' if settings.BASE_PATH.get() else '"cache", "storage"'
    return response


routes = [
    Route(RECOVERY_CODE, for_signed_in("recovery_code_renew.html", _recovery_code), methods=["GET", "POST"]),
    Route("/account/password", for_signed_in("password.html", _password), methods=["GET", "POST"]),
    Route("/account/delete", for_signed_in("delete.html", _delete), methods=["GET", "POST"]),
]
