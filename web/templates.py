"""Renders the HTML pages of sign-in and account, in the visitor's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse

import links
from demo import state
from diary import accounts, app_lock, common_passwords, errors, names
from diary.report import titles
from language import LANGUAGES, preferred, say
from web import cookies, forms, index_page, install, request_ids, static_files
from web.oidc.name import lets_in, provider_name

_STATUS = {
    errors.TooManyTries: 429,
    errors.FormTooLarge: 413,
    errors.FormExpired: 403,
    errors.SignInFailed: 401,
    errors.AccountLocked: 403,
    errors.SignUpRefused: 403,
    errors.WrongPassword: 401,
    errors.WrongRecoveryCode: 401,
    errors.ChallengeExpired: 401,
    errors.WrongCode: 401,
    errors.SignInTooOld: 401,
    errors.PasskeyUnknown: 401,
    errors.PasskeyRefused: 401,
    errors.PasskeyCopied: 401,
    errors.WrongPin: 401,
    errors.NoPin: 401,
    errors.ProviderRefused: 401,
    errors.ProviderError: 502,
    errors.TooYoung: 403,
    errors.NameTaken: 409,
    errors.ServerBusy: 503,
    errors.DatabaseError: 503,
}

_COMMON_PASSWORDS = {
    "piece": common_passwords.LONGEST_PIECE,
    "runs": common_passwords.RUNS,
    "words": common_passwords.WORDS,
}
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "html"),
    autoescape=select_autoescape(["html"]),
    trim_blocks=True,
    lstrip_blocks=True,
)


def language_of(request: Request) -> str:
    """The language from the page's switch, else from the cookie, else the one that the browser prefers."""
    for chosen in (request.query_params.get("lang"), request.cookies.get(cookies.LANGUAGE)):
        if chosen in LANGUAGES:
            return chosen
    return preferred(request.headers.get("accept-language"))


def day(request: Request, moment: datetime, zone: str) -> str:
    """The day of a moment, in words."""
    return titles.full_date(language_of(request), moment.astimezone(ZoneInfo(zone)).date())


def status_of(error: errors.DiaryError) -> int:
    return next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 400)


def render(
    request: Request,
    template: str,
    values: Mapping[str, object] | None = None,
    *,
    error: errors.DiaryError | None = None,
    status: int = 200,
) -> HTMLResponse:
    """Renders a page; an error adds its sentence at the top and sets the status code.

    Where the server is at fault, the page shows the request's number: whoever runs the server finds it in the log.
    """
    language = language_of(request)
    try:
        known = cookies.form_cookie(request)
        form_cookie = known or cookies.new_form_cookie()
        form_token = forms.token(request.url.path, form_cookie, request.cookies.get(cookies.SESSION))
    except errors.DatabaseError as unreadable:  # without the server's secret, the page shows only the error
        known = form_cookie = form_token = ""
        error = error or unreadable
    status = status_of(error) if error else status
    html = _templates.get_template(template).render(
        t=lambda key, **facts: say(language, key, **facts),
        language=language,
        theme=theme if (theme := request.cookies.get(cookies.THEME)) in cookies.THEMES else None,
        languages=LANGUAGES,
        link=links.to,
        # With the rest of the address: an invitation, or the page to open after signing in.
        in_language=lambda code: f"{links.to(request.url.path)}?{urlencode({**request.query_params, 'lang': code})}",
        form_token=form_token,
        error=say(language, f"error.{error.code}", **error.facts) if error else None,
        number=request_ids.current.get() if status >= 500 else "",
        values=values or {},
        demo=state.is_on(),
        provider=provider_name(),
        provider_lets_in=lets_in(),
        asset=static_files.versioned,
        prefetched=index_page.prefetched(),
        install_tags=install.head(language),
        rules=accounts,
        names=names,
        lock=app_lock,
        common_passwords=_COMMON_PASSWORDS,
    )
    response = HTMLResponse(html, status_code=status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Language"] = language
    if form_cookie != known:
        cookies.set_form(request, response, form_cookie)
    if request.query_params.get("lang") in LANGUAGES:
        cookies.set_language(request, response, language)
    return response
