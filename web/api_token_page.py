"""The account page that makes a token for the API: its answer is the only place that ever shows the token."""

from __future__ import annotations

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from diary import api_tokens, errors, sessions
from diary.api_tokens import NewToken
from web import cookies, forms, password_queue, templates
from web.sign_in import SIGN_IN

PATH = "/account/token"
_USUAL_DAYS = 90


async def token_page(request: Request) -> Response:
    values: dict[str, object] = {
        "scopes": {scope: (f"token.can_{scope}", f"token.can_{scope}_means") for scope in api_tokens.SCOPES},
        "days": api_tokens.DAYS,
        "chosen": (api_tokens.WRITE,),
        "lasts": _USUAL_DAYS,
    }
    try:
        session = await to_thread.run_sync(sessions.find, request.cookies.get(cookies.SESSION))
        if session is None:
            return RedirectResponse(SIGN_IN, status_code=303)
        if request.method != "POST":
            return templates.render(request, "token.html", values)
        fields = await forms.read(request)
        new = _new_token(fields)
        values |= {"name": new.name, "chosen": new.scopes, "lasts": new.days}
        token = await password_queue.run(request, api_tokens.make, session, new, fields.get("password", ""))
    except errors.DiaryError as error:
        return templates.render(request, "token.html", values, error=error)
    return templates.render(request, "token_made.html", {"token": token})


def _new_token(fields: dict[str, str]) -> NewToken:
    days = fields.get("days", "")
    scopes = tuple(scope for scope in api_tokens.SCOPES if fields.get(scope) == "yes")
    return NewToken(fields.get("name", ""), scopes, int(days) if days in map(str, api_tokens.DAYS) else 0)


routes = [Route(PATH, token_page, methods=["GET", "POST"])]
