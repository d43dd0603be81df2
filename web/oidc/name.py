"""Whether people can sign in by the organisation's provider, and what they call it."""

from __future__ import annotations

from urllib.parse import urlsplit

import settings


def is_on() -> bool:
    return bool(settings.OIDC_ISSUER.get())


def provider_name() -> str:
    """Empty without a provider."""
    return settings.OIDC_NAME.get() or urlsplit(settings.OIDC_ISSUER.get()).hostname or "" if is_on() else ""
