"""Errors of tokens and the API."""

from __future__ import annotations

from diary.errors.base import DiaryError


class TokenNameUnusable(DiaryError):
    """The name of a token is empty, too long or not visible."""


class TokenWithoutScope(DiaryError):
    """The token would be allowed nothing."""


class TokenLastsTooLong(DiaryError):
    """Not one of the times for which a token can be valid."""


class TooManyTokens(DiaryError):
    """The account has the most tokens already that it may have."""


class RequestRefused(DiaryError):
    """A request to the API that it does not answer."""

    code = "body_unreadable"


class TokenMissing(RequestRefused):
    """The request has no token."""


class TokenUnknown(RequestRefused):
    """The token is wrong, revoked or over."""


class ScopeMissing(RequestRefused):
    """The token may not do this."""


class NothingHere(RequestRefused):
    """The API has no such address."""


class MethodUnknown(RequestRefused):
    """The address has no such method."""


class BodyNotJson(RequestRefused):
    """The body is not said to be JSON."""


class BodyTooLarge(RequestRefused):
    """The body has more bytes than the API reads."""


class BodyUnreadable(RequestRefused):
    """The body is no JSON object."""


class FieldMissing(RequestRefused):
    """The request lacks a value that it needs."""


class FieldUnknown(RequestRefused):
    """The request has a value that the API does not know: perhaps a misspelt one."""


class FieldWrong(RequestRefused):
    """A value has another type or form."""


class TooManyDays(RequestRefused):
    """More days than one answer has."""
