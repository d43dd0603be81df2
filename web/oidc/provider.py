"""Talks to the provider: where to send a browser, and whom the code that it brings back stands for.

The authorization code flow with PKCE, state and nonce. Every wrong or odd answer becomes a `ProviderError`.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwk, jwt
from joserfc.errors import JoseError

import links
import settings
from diary import errors
from diary.identities import Identity
from web.oidc.name import provider_name

log = logging.getLogger("haru.oidc")

CALLBACK = "/account/oidc/callback"
_SECONDS = 8.0
_LARGEST_ANSWER = 256 * 1024
# Never `none`, and never HMAC: its key would be the client's secret.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
_CLOCKS_DIFFER = 60  # seconds
_NAME_MAX = 200  # characters of the name that is proposed; sign-up has its own rules


@dataclass(frozen=True)
class Answer:
    """Whom the provider names."""

    identity: Identity
    name: str
    """How they are called there; a proposal for a new account's name."""


@dataclass(frozen=True)
class Flow:
    """The random values of one sign-in: none is used twice."""

    state: str
    nonce: str
    verifier: str


def address(flow: Flow) -> str:
    """Where the browser goes to sign in at the provider."""
    endpoint = _endpoint(_discovered(), "authorization_endpoint")
    url, _state = _client().create_authorization_url(
        endpoint, state=flow.state, nonce=flow.nonce, code_verifier=flow.verifier
    )
    return url


def answer(flow: Flow, code: str) -> Answer:
    """Exchanges the code, and checks the ID token: its signature, issuer, audience, nonce and times."""
    found = _discovered()
    try:
        token = _client().fetch_token(
            _endpoint(found, "token_endpoint"), code=code, code_verifier=flow.verifier, allow_redirects=False
        )
        keys: Any = _read(_endpoint(found, "jwks_uri"))
        decoded = jwt.decode(token["id_token"], jwk.KeySet.import_key_set(keys), algorithms=_ALGORITHMS)
        _check(decoded.claims, flow.nonce)
    except requests.RequestException as error:
        raise _failed(errors.ProviderUnreachable(provider=provider_name()), error) from error
    except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _failed(errors.ProviderAnswerWrong(provider=provider_name()), error) from error
    claims = decoded.claims
    called = claims.get("preferred_username") or claims.get("name")
    shown = called[:_NAME_MAX] if isinstance(called, str) else ""
    return Answer(Identity(claims["iss"], claims["sub"]), shown)


def _check(claims: dict[str, Any], nonce: str) -> None:
    client_id = settings.OIDC_CLIENT_ID.get()
    registry = jwt.JWTClaimsRegistry(
        leeway=_CLOCKS_DIFFER,
        iss={"essential": True, "value": settings.OIDC_ISSUER.get()},
        sub={"essential": True},
        aud={"essential": True, "value": client_id},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    registry.validate(claims)
    audience = claims["aud"]
    if claims.get("azp", client_id) != client_id or (isinstance(audience, list) and len(audience) > 1):
        raise ValueError("the token is for others, too")


def _client() -> OAuth2Session:
    secret = settings.OIDC_CLIENT_SECRET.get()
    return OAuth2Session(
        settings.OIDC_CLIENT_ID.get(),
        secret or None,
        token_endpoint_auth_method="client_secret_basic" if secret else "none",
        scope="openid profile",
        redirect_uri=links.public() + CALLBACK,
        code_challenge_method="S256",
        default_timeout=_SECONDS,
    )


def _discovered() -> dict[str, Any]:
    """The provider's description of itself. It is read each time: keys and addresses change."""
    issuer = settings.OIDC_ISSUER.get()
    try:
        found = _read(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    except requests.RequestException as error:
        raise _failed(errors.ProviderUnreachable(provider=provider_name()), error) from error
    except (ValueError, RecursionError) as error:
        raise _failed(errors.ProviderAnswerWrong(provider=provider_name()), error) from error
    if found.get("issuer") != issuer:
        raise _failed(errors.ProviderAnswerWrong(provider=provider_name()), ValueError("another issuer"))
    return found


def _read(url: str) -> dict[str, Any]:
    with requests.get(url, timeout=_SECONDS, allow_redirects=False, stream=True) as response:
        response.raise_for_status()
        content = response.raw.read(_LARGEST_ANSWER, decode_content=True)  # cut, it is no JSON
        if response.status_code != requests.codes.ok:
            raise ValueError("an odd answer")
        found = json.loads(content)
    if not isinstance(found, dict):
        raise ValueError("no JSON object")
    return found


def _endpoint(found: dict[str, Any], key: str) -> str:
    url = found.get(key)
    if not isinstance(url, str) or not settings.is_safe_address(url):
        raise _failed(errors.ProviderAnswerWrong(provider=provider_name()), ValueError(f"no {key}"))
    return url


def _failed(error: errors.ProviderError, cause: Exception) -> errors.ProviderError:
    # Neither a code nor a token is in the name of a class. The provider's words could hold anything.
    log.warning("the provider's answer cannot be used: %s (%s)", error.code, type(cause).__name__)
    return error
