"""Answers that say what is wrong: problem documents (RFC 9457) with a sentence in the program's language."""

from __future__ import annotations

import json
from http import HTTPStatus

from starlette.responses import Response

from diary import errors
from language import LANGUAGES, preferred, say
from web.api.call import Answer

_STATUS: tuple[tuple[type[errors.DiaryError], int], ...] = (
    (errors.TokenMissing, 401),
    (errors.TokenUnknown, 401),
    (errors.SessionEnded, 401),
    (errors.ScopeMissing, 403),
    (errors.AccountLocked, 403),
    (errors.NothingHere, 404),
    (errors.EntryNotFound, 404),
    (errors.TrackerNotFound, 404),
    (errors.MethodUnknown, 405),
    (errors.EntryChanged, 409),
    (errors.Unopenable, 409),
    (errors.BodyTooLarge, 413),
    (errors.BodyNotJson, 415),
    (errors.BodyUnreadable, 400),
    (errors.TooManyTries, 429),
    (errors.DatabaseError, 503),
    (errors.TooManyEntries, 507),
)
UNEXPECTED = errors.DiaryError()


def language_of(accept: str | None, own: str | None) -> str:
    """The language that the program asks for, else the person's own."""
    return own if own in LANGUAGES and not accept else preferred(accept)


def problem(error: errors.DiaryError, language: str) -> Response:
    status = 500 if type(error) is errors.DiaryError else _status(error)
    facts = dict(error.facts)
    if isinstance(error, errors.FieldWrong):
        facts["needs"] = say(language, f"api.needs_{facts['needs']}")
    if isinstance(error, errors.ScopeMissing):
        facts["scope"] = say(language, f"token.scope_{facts['scope']}")
    content = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": say(language, f"error.{error.code}", **facts),
        "code": error.code,
    }
    if "field" in facts:
        content["field"] = facts["field"]
    headers = _headers(error) | {"Content-Language": language}
    return response(Answer(content, status, headers), "application/problem+json")


def response(answer: Answer, media_type: str = "application/json") -> Response:
    """No browser and no proxy stores an answer: each depends on the token."""
    headers = {"Cache-Control": "no-store", "Vary": "Authorization, Accept-Language", **answer.headers}
    if answer.content is None:
        return Response(status_code=answer.status, headers=headers)
    body = json.dumps(answer.content, ensure_ascii=False).encode(errors="replace")
    return Response(body, answer.status, headers, media_type)


def _status(error: errors.DiaryError) -> int:
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 422)


def _headers(error: errors.DiaryError) -> dict[str, str]:
    if isinstance(error, errors.TokenMissing):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, errors.TokenUnknown | errors.SessionEnded):
        return {"WWW-Authenticate": 'Bearer error="invalid_token"'}
    if isinstance(error, errors.ScopeMissing):
        return {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{error.facts["scope"]}"'}
    if isinstance(error, errors.MethodUnknown):
        return {"Allow": str(error.facts["allowed"])}
    if isinstance(error, errors.TooManyTries):
        return {"Retry-After": str(60 * int(str(error.facts["minutes"])))}
    return {}
