"""Whether people can sign in by the organisation's provider, what they call it, and whether it lets new people in."""

from __future__ import annotations

from urllib.parse import urlsplit

import settings


def is_on() -> bool:
    return bool(settings.OIDC_ISSUER.get())


def lets_in() -> bool:
    """Whether everybody whom the provider names may make an account, whatever HARU_SIGN_UP says."""
    return is_on() and settings.OIDC_SIGN_UP.get()


def provider_name() -> str:
    """Empty without a provider."""
    return settings.OIDC_NAME.get() or urlsplit(settings.OIDC_ISSUER.get()).hostname or "" if is_on() else ""
