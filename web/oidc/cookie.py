"""The cookie that remembers for a few minutes whom the provider named, sealed by the server's secret.

Whoever has it still needs a key to the diary: it only says who one is.
"""

from __future__ import annotations

import time
from base64 import urlsafe_b64decode, urlsafe_b64encode

from starlette.requests import HTTPConnection
from starlette.responses import Response

from diary import errors, identities, server_secret
from diary.identities import Identity
from diary.vault import Vault
from web import cookies
from web.oidc.name import is_on
from web.oidc.provider import Answer

SECONDS = 15 * 60
_ABOUT = "identity"


def put(request: HTTPConnection, response: Response, answer: Answer) -> None:
    identity = answer.identity
    content = [identity.issuer, identity.subject, answer.name, time.time() + SECONDS]
    cookies.set_identity(request, response, urlsafe_b64encode(_vault().seal_json(content, _ABOUT)).decode(), SECONDS)


def get(request: HTTPConnection) -> Answer | None:
    """Whom the provider named in this browser; None after a while, and for a made-up cookie."""
    try:
        sealed = urlsafe_b64decode(request.cookies.get(cookies.IDENTITY, "").encode())
        issuer, subject, name, until = _vault().open_json(sealed, _ABOUT)
    except (ValueError, TypeError, errors.Unopenable):
        return None
    return Answer(Identity(issuer, subject), name) if time.time() < until else None


def for_new_account(request: HTTPConnection) -> Answer | None:
    """Whom the provider named in this browser, if they have no account yet: a new one is linked to them."""
    answer = get(request) if is_on() else None
    try:
        return answer if answer and identities.account_of(answer.identity) is None else None
    except errors.DatabaseError:  # sign-up says so
        return None


def _vault() -> Vault:
    return Vault(server_secret.derived("identity cookie"))
