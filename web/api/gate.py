"""What every request to the API passes: the token, the throttle, the scope and the body's limits."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Mapping
from typing import Any

from anyio import to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from diary import api_tokens, errors, inbox, throttle
from diary.api_tokens import ApiToken
from web.api import problems
from web.api.call import Answer, Call, Operation

log = logging.getLogger("haru.api")

BODY_MAX = 1_300_000
"""A note of 100,000 characters, each written as two escapes of six bytes, and the rest."""


class Endpoint:
    """An ASGI app for the operations at one address; it knows no cookie."""

    def __init__(self, *operations: Operation) -> None:
        self._operations = {operation.method: operation for operation in operations}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._response(Request(scope, receive))
        await response(scope, receive, send)

    async def _response(self, request: Request) -> Response:
        accept, own = request.headers.get("accept-language"), None
        try:
            token = await to_thread.run_sync(_token, request.headers.get("authorization", ""), _address(request))
            own = token.session.language
            operation = self._operation(request.method)
            for scope in operation.scopes:
                if not token.may(scope):
                    raise errors.ScopeMissing(scope=scope)
            body = await _body(request) if operation.has_body else {}
            call = Call(token, request.path_params, _query(request), body)
            return problems.response(await to_thread.run_sync(_act, operation, call))
        except errors.DiaryError as error:
            return problems.problem(error, problems.language_of(accept, own))
        except ClientDisconnect:
            raise
        except Exception as error:
            # The message of an unexpected error may hold diary text: log only its type and its stack.
            stack = "".join(traceback.format_list(traceback.extract_tb(error.__traceback__)))
            log.error("a request to the API failed: %s\n%s", type(error).__name__, stack)
            return problems.problem(problems.UNEXPECTED, problems.language_of(accept, own))

    def _operation(self, method: str) -> Operation:
        if not self._operations:
            raise errors.NothingHere()
        if method not in self._operations:
            raise errors.MethodUnknown(allowed=", ".join(sorted(self._operations)))
        return self._operations[method]


def _token(authorization: str, address: str) -> ApiToken:
    kind, _, text = authorization.partition(" ")
    if kind.lower() != "bearer" or not text.strip():
        raise errors.TokenMissing()
    network = throttle.network_of(address)
    token = api_tokens.find(text.strip())
    try:
        if token is None:
            throttle.count((throttle.API_UNKNOWN_BY_ADDRESS, network))
            raise errors.TokenUnknown()
        throttle.count((throttle.API_BY_TOKEN, token.id), (throttle.API_BY_ADDRESS, network))
    except errors.TooManyTries as refused:
        raise errors.TooManyRequests(**refused.facts) from refused
    return token


def _act(operation: Operation, call: Call) -> Answer:
    if api_tokens.NOTES in call.token.scopes:
        inbox.take_in(call.session)
    return operation.act(call)


async def _body(request: Request) -> Mapping[str, Any]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise errors.BodyNotJson()
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_MAX:
            raise errors.BodyTooLarge()
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise errors.BodyUnreadable() from error
    if not isinstance(content, dict):
        raise errors.BodyUnreadable()
    return content


def _query(request: Request) -> dict[str, str]:
    return dict(request.query_params)


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"
