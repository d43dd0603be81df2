"""A small OpenID Connect provider on a port of this machine, which lets everybody in as whom a test names."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlencode

import uvicorn
from joserfc import jwk, jwt
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.web.conftest import free_port

CLIENT_ID, CLIENT_SECRET = "haru", "a secret: with % and spaces"


@dataclass
class Provider:
    issuer: str
    key: jwk.RSAKey = field(default_factory=lambda: jwk.RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}))
    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "user-7", "preferred_username": "Jiwoo Kim"})
    """Whom it lets in; other claims of the ID token may be put in place of the right ones."""
    breaks: dict[str, Response] = field(default_factory=dict)
    """Answers in place of its own, by the path."""
    signs_with: Any = None
    algorithm: str = "RS256"
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    """What the browser brought last."""

    def app(self) -> Starlette:
        routes = [
            Route("/.well-known/openid-configuration", self._described),
            Route("/authorize", self._authorize),
            Route("/token", self._token, methods=["POST"]),
            Route("/jwks", self._keys),
        ]
        return Starlette(routes=routes)

    def _described(self, request: Request) -> Response:
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        paths = ("/authorize", "/token", "/jwks")
        own = {"issuer": self.issuer} | {name: self.issuer + path for name, path in zip(names, paths, strict=True)}
        return self.breaks.get("/.well-known") or JSONResponse(own)

    def _authorize(self, request: Request) -> Response:
        self.asked = dict(request.query_params)
        code = secrets.token_urlsafe(16)
        self.codes[code] = self.asked
        back = {"code": code, "state": self.asked["state"], "iss": self.issuer}
        return RedirectResponse(f"{self.asked['redirect_uri']}?{urlencode(back)}", status_code=302)

    async def _token(self, request: Request) -> Response:
        if "/token" in self.breaks:
            return self.breaks["/token"]
        form = await request.form()
        asked = self.codes.pop(str(form.get("code")), None)
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        user, _, password = b64decode(given).decode().partition(":")
        verifier = hashlib.sha256(str(form.get("code_verifier")).encode()).digest()
        is_right = (
            asked is not None
            and asked["code_challenge_method"] == "S256"
            and asked["code_challenge"] == urlsafe_b64encode(verifier).decode().rstrip("=")
            and asked["redirect_uri"] == form.get("redirect_uri")
            and (kind, unquote(user), unquote(password)) == ("Basic", CLIENT_ID, CLIENT_SECRET)
        )
        if not is_right or asked is None:
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 60, "nonce": asked["nonce"]}
        claims = {name: value for name, value in (claims | self.claims).items() if value is not None}
        header = {"alg": self.algorithm, "kid": "one"}
        token = jwt.encode(header, claims, self.signs_with or self.key, algorithms=[self.algorithm])
        return JSONResponse({"access_token": "unused", "token_type": "Bearer", "id_token": token})

    def _keys(self, request: Request) -> Response:
        return self.breaks.get("/jwks") or JSONResponse({"keys": [self.key.as_dict(private=False)]})


@contextmanager
def running() -> Iterator[Provider]:
    port = free_port()
    provider = Provider(f"http://localhost:{port}")
    config = uvicorn.Config(
        provider.app(), host="127.0.0.1", port=port, log_level="error", lifespan="off", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield provider
    server.should_exit = True
    thread.join()
