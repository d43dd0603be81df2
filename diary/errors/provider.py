"""Errors of the sign-in by an organisation's provider."""

from __future__ import annotations

from diary.errors.base import DiaryError


class IdentityTaken(DiaryError):
    """Another account is linked to this identity already."""


class ProviderError(DiaryError):
    """The organisation's provider did not say who the person is."""

    code = "provider_answer_wrong"


class ProviderUnreachable(ProviderError):
    """The provider does not answer, or says that it cannot."""


class ProviderAnswerWrong(ProviderError):
    """What the provider answers cannot be checked, or is not about this sign-in."""


class ProviderRefused(ProviderError):
    """The person stopped at the provider, or it let them not in."""
