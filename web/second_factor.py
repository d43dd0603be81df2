"""The second factor: asks for a code after the password, and switches the codes on and off."""

from __future__ import annotations

import io
from urllib.parse import urlencode

import segno
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from diary import accounts, errors, second_factor
from diary.second_factor import Setup
from diary.sessions import Session
from web import cookies, forms, password_queue, sign_in, templates
from web.account import for_signed_in

PAGE = "/account/second-factor"
_DARK = "#000"


async def _code(request: Request) -> Response:
    """Asks for the code of a sign-in whose password was right."""
    token = request.cookies.get(cookies.PENDING, "")
    next_page = sign_in.safe_next_page(request.query_params.get("next"))
    try:
        if request.method != "POST":
            if not await to_thread.run_sync(second_factor.is_pending, token):
                # With where it leads and the language: after a late code, this address shows the sign-in page.
                asked = f"?{urlencode(request.query_params)}" if request.query_params else ""
                return RedirectResponse(sign_in.SIGN_IN + asked, status_code=303)
            return templates.render(request, "code.html")
        fields = await forms.read(request)
        browser = cookies.browser(request)
        started = await to_thread.run_sync(
            lambda: second_factor.complete(token, fields.get("code", ""), browser=browser)
        )
        response = await sign_in.signed_in(request, started, next_page)
    except errors.SignInTooOld as error:
        return await sign_in.with_error(request, error, next_page)
    except errors.DiaryError as error:
        return templates.render(request, "code.html", {"wrong": "code"}, error=error)
    cookies.clear_pending(request, response)
    return response


async def _settings(request: Request, session: Session) -> Response:
    if request.method != "POST":
        return await _page(request, session)
    fields: dict[str, str] = {}
    try:
        fields = await forms.read(request)
        act = fields.get("act")
        if act == "confirm":
            return await _confirm(request, session, fields)
        await password_queue.run(request, accounts.confirm_password, session, fields.get("password", ""))
        if act == "begin":
            return _new(request, await to_thread.run_sync(second_factor.begin, session))
        if act == "renew":
            return _backup_codes(request, await to_thread.run_sync(second_factor.renew_backup_codes, session))
        if act == "off":
            await to_thread.run_sync(second_factor.switch_off, session)
        return RedirectResponse(PAGE, status_code=303)
    except errors.DiaryError as error:
        return await _page(request, session, error)


async def _confirm(request: Request, session: Session, fields: dict[str, str]) -> Response:
    """The first code shows that the app has the secret; a wrong one shows the same secret again."""
    setup = await to_thread.run_sync(second_factor.opened_setup, session, fields.get("setup", ""))
    try:
        codes = await to_thread.run_sync(second_factor.switch_on, session, setup, fields.get("code", ""))
    except (errors.WrongCode, errors.TooManyTries) as error:
        return _new(request, setup, error)
    return _backup_codes(request, codes)


async def _page(request: Request, session: Session, error: errors.DiaryError | None = None) -> Response:
    state = await to_thread.run_sync(second_factor.state, session)
    values: dict[str, object] = {"codes": second_factor.BACKUP_CODES}
    if state:
        day = templates.day(request, state.since, session.timezone)
        values |= {"is_on": True, "since": day, "left": state.backup_codes_left}
    return templates.render(request, "second_factor.html", values, error=error)


def _new(request: Request, setup: Setup, error: errors.DiaryError | None = None) -> Response:
    # In groups of four, as a person types it.
    groups = [setup.secret[start : start + 4] for start in range(0, len(setup.secret), 4)]
    values = {"secret": " ".join(groups), "setup": setup.sealed, "qr": _svg(setup.address), "address": setup.address}
    return templates.render(request, "second_factor_new.html", values | {"wrong": "code" if error else ""}, error=error)


def _backup_codes(request: Request, codes: list[str]) -> Response:
    return templates.render(request, "backup_codes.html", {"codes": codes})


def _svg(content: str) -> str:
    drawn = io.BytesIO()
    segno.make(content, micro=False).save(
        drawn, kind="svg", xmldecl=False, svgns=True, nl=False, border=2, dark=_DARK, light=None, omitsize=True
    )
    return drawn.getvalue().decode()


routes = [
    Route(sign_in.CODE, _code, methods=["GET", "POST"]),
    Route(PAGE, for_signed_in("second_factor.html", _settings), methods=["GET", "POST"]),
]
