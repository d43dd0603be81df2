"""The pages of sign-in by the organisation's provider, and of the link between an account and an identity there."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from datetime import timedelta

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

import settings
from diary import accounts, challenges, errors, identities, invitations, server_secret, sessions, throttle
from diary.second_factor import CodeNeeded
from diary.sessions import Session
from web import cookies, forms, password_queue, sign_in, templates
from web.account import for_signed_in
from web.oidc import cookie, provider
from web.oidc.name import is_on, lets_in, provider_name
from web.oidc.provider import Answer, Flow

START, PAGE = "/account/oidc", "/account/identity"
_OPEN, _NEW = "/account/oidc/open", "/account/oidc/new"
_PATIENCE = timedelta(minutes=15)
"""For signing in at the provider."""
_TO_LINK = "link."
"""How the state begins where the identity is to be linked to the open account."""


async def _start(request: Request) -> Response:
    """Sends the browser to the provider. A link leads here: after a form, the page's policy would stop it."""
    if not is_on():
        return RedirectResponse(sign_in.SIGN_IN, status_code=303)
    try:
        address, challenge = await to_thread.run_sync(_begin, request, None)
    except errors.DiaryError as error:
        return await sign_in.with_error(request, error)
    response = RedirectResponse(address, status_code=303)
    cookies.set_provider(request, response, challenge, _PATIENCE)
    return response


async def _callback(request: Request) -> Response:
    """Takes what the provider sent the browser back with: for a sign-in, or for a link to the open account."""
    session: Session | None = None
    try:
        if request.query_params.get("state", "").startswith(_TO_LINK):
            session = await to_thread.run_sync(sessions.find, request.cookies.get(cookies.SESSION))
            if session is None:
                raise errors.SessionEnded()
        answer = await to_thread.run_sync(_answer, request, session)
        if session:
            await to_thread.run_sync(identities.link, session, answer.identity)
            response = RedirectResponse(f"{PAGE}?linked=yes", status_code=303)
        else:
            known = await to_thread.run_sync(identities.account_of, answer.identity)
            response = RedirectResponse(_OPEN if known else _NEW, status_code=303)
            cookie.put(request, response, answer)
    except errors.DiaryError as error:
        if session:
            return await _page(request, session, error)
        return await sign_in.with_error(request, error)
    cookies.clear_provider(request, response)
    return response


async def _open(request: Request) -> Response:
    """Asks for a key to the diary of the person whom the provider named."""
    answer = cookie.get(request)
    if answer is None:
        return RedirectResponse(sign_in.SIGN_IN, status_code=303)
    values: dict[str, object] = {"provider": provider_name(), "name": answer.name, "next": "/"}
    if request.method != "POST":
        return templates.render(request, "oidc_open.html", values)
    try:
        fields = await forms.read(request)

        def sign_in_as() -> str | CodeNeeded:
            account_id = identities.account_of(answer.identity)
            if account_id is None:
                raise errors.SignInFailed()
            password, address = fields.get("password", ""), sign_in.address_of(request)
            return accounts.sign_in_as(account_id, password, address=address, browser=cookies.browser(request))

        response = await sign_in.signed_in(request, await password_queue.run(request, sign_in_as), "/")
    except errors.DiaryError as error:
        return templates.render(request, "oidc_open.html", values | {"wrong": "password"}, error=error)
    cookies.clear_identity(request, response)
    return response


async def _new(request: Request) -> Response:
    """Explains to a person whom the provider named, but who has no diary here, what comes next."""
    answer = cookie.get(request)
    if answer is None:
        return RedirectResponse(sign_in.SIGN_IN, status_code=303)
    try:
        # With an invitation, they come by its link: their account is linked all the same.
        refused = "" if lets_in() else await to_thread.run_sync(_refusal)
    except errors.DatabaseError as error:
        return templates.render(request, "unavailable.html", error=error)
    return templates.render(request, "oidc_new.html", {"provider": provider_name(), "refused": refused})


def _refusal() -> str:
    """Why a person without an invitation cannot make an account; empty where they can."""
    try:
        invitations.check("")
    except errors.SignUpRefused as error:
        return error.code
    return ""


async def _identity(request: Request, session: Session) -> Response:
    """Links the open account to an identity, or unlinks it, after the password."""
    if not is_on():
        return RedirectResponse("/settings", status_code=303)
    if request.method != "POST":
        return await _page(request, session)
    try:
        fields = await forms.read(request)
        await password_queue.run(request, accounts.confirm_password, session, fields.get("password", ""))
        if fields.get("act") == "unlink":
            await to_thread.run_sync(identities.unlink, session)
            return RedirectResponse(PAGE, status_code=303)
        address, challenge = await to_thread.run_sync(_begin, request, session)
    except errors.DiaryError as error:
        return await _page(request, session, error)
    values = {"provider": provider_name(), "address": address}
    response = templates.render(request, "identity_go.html", values)
    cookies.set_provider(request, response, challenge, _PATIENCE)
    return response


async def _page(request: Request, session: Session, error: errors.DiaryError | None = None) -> Response:
    since = await to_thread.run_sync(identities.linked_since, session)
    values = {
        "provider": provider_name(),
        "since": templates.day(request, since, session.timezone) if since else "",
        "linked": request.query_params.get("linked") == "yes",
    }
    return templates.render(request, "identity.html", values, error=error)


def _begin(request: Request, session: Session | None) -> tuple[str, str]:
    """The provider's address for a new flow, and the cookie that belongs to it."""
    limit, network = throttle.PROVIDER_BY_ADDRESS, throttle.network_of(sign_in.address_of(request))
    throttle.count((limit, network))
    challenge, content = challenges.new(_purpose(session), _PATIENCE)
    return provider.address(_flow(challenge, session)), content


def _answer(request: Request, session: Session | None) -> Answer:
    """Whom the provider names; the state, the cookie and the code must belong to one flow of this browser."""
    challenge = challenges.redeem(request.cookies.get(cookies.PROVIDER, ""), _purpose(session))
    flow, sent = _flow(challenge, session), request.query_params
    is_ours = hmac.compare_digest(flow.state.encode(), sent.get("state", "").encode(errors="replace"))
    # A second provider could send a code of the first (RFC 9207).
    if not is_ours or sent.get("iss", settings.OIDC_ISSUER.get()) != settings.OIDC_ISSUER.get():
        raise errors.ChallengeExpired()
    if "code" not in sent:  # the person stopped there, or the provider let them not in
        raise errors.ProviderRefused(provider=provider_name())
    return provider.answer(flow, sent["code"])


def _flow(challenge: bytes, session: Session | None) -> Flow:
    """Three values that nobody can tell from one another: only this server can derive them."""

    def derived(purpose: str) -> str:
        digest = hmac.digest(server_secret.derived("oidc"), purpose.encode() + challenge, "sha256")
        return urlsafe_b64encode(digest).decode().rstrip("=")

    return Flow((_TO_LINK if session else "") + derived("state"), derived("nonce"), derived("verifier"))


def _purpose(session: Session | None) -> str:
    # The link is bound to the session that typed the password for it.
    return f"oidc link {session.token_hash}" if session else "oidc sign-in"


routes = [
    Route(START, _start, methods=["GET"]),
    Route(provider.CALLBACK, _callback, methods=["GET"]),
    Route(_OPEN, _open, methods=["GET", "POST"]),
    Route(_NEW, _new, methods=["GET"]),
    Route(PAGE, for_signed_in("identity.html", _identity), methods=["GET", "POST"]),
]
