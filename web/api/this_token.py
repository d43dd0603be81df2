"""What a token may do; ends it."""

from __future__ import annotations

from diary import api_tokens, days, inbox
from web.api.call import Answer, Call


def describe(call: Call) -> Answer:
    session = call.session
    content = {
        "scopes": [scope for scope in api_tokens.SCOPES if scope in call.token.scopes],
        "expires_at": call.token.expires_at.isoformat(timespec="seconds"),
        "language": session.language,
        "timezone": session.timezone,
        "today": days.today(session.timezone).isoformat(),
        "waiting": inbox.count(session.account_id),
    }
    return Answer(content)


def revoke(call: Call) -> Answer:
    api_tokens.revoke(call.session, call.token.id)
    return Answer(status=204)
