"""One line for each address of Haru: how somebody else would try to reach a person's things there.

tests/trial/test_two_users.py asks all of them as another person and as nobody. A new route fails it until it has a line
here. `values` names which of Alice's ids (tests/trial/alice.py) stand in the address; `form` and `json` are what is
posted, with her ids in braces; `hers` is the status that she herself gets, with her cookie or her token.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

BOBS_PASSWORD = "correct horse battery of bob"
NEW_PASSWORD = "staple and a new horse"
# What a form may be told to act on, whatever it is called there.
_EVERYTHING = {
    **{
        "id": "{tracker}",
        "entry": "{entry}",
        "account": "{account}",
        "account_id": "{account}",
        "session": "{session}",
    },
    **{"token": "{token}", "medium": "{medium}", "passkey": "{passkey}", "user": "{account}", "really": "yes"},
}


@dataclass(frozen=True)
class Case:
    values: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)
    json: Any = None
    hers: int | None = None
    also: tuple[str, ...] = ()
    """Further addresses that the route serves."""


def _form(**fields: str) -> Case:
    return Case(form=_EVERYTHING | fields)


_NEW = {"password": NEW_PASSWORD, "password_again": NEW_PASSWORD}
CASES: dict[str, Case] = {
    # Sign-in and account: each acts for the cookie, or for who knows the secret in the form.
    "/account/sign-in": _form(name="Alice", password=BOBS_PASSWORD),
    "/account/sign-up": _form(name="Alice", password=NEW_PASSWORD, born="1995", allow_diary="yes"),
    "/account/recover": _form(name="Alice", code="00000-00000-00000-00000-00000", **_NEW),
    "/account/sign-out": _form(everywhere="yes"),
    "/account/help": Case(),
    "/account/recovery-code": _form(save="yes", password=BOBS_PASSWORD),
    "/account/password": _form(old_password=BOBS_PASSWORD, **_NEW),
    "/account/delete": _form(password=BOBS_PASSWORD),
    "/account/token": _form(name="his", notes="yes", days="90", password=BOBS_PASSWORD),
    "/account/passkeys": _form(act="remove", id="{passkey}", name="his"),
    "/account/passkey/challenge": _form(),
    "/account/passkey": _form(credential="{{}}", secret="", act="remove"),
    "/account/second-factor": _form(code="000000", password=BOBS_PASSWORD, act="off"),
    "/account/code": _form(code="000000"),
    "/account/oidc": Case(),
    "/account/oidc/callback": Case(),
    "/account/oidc/open": _form(password=BOBS_PASSWORD),
    "/account/oidc/new": Case(),
    "/account/identity": _form(act="unlink", password=BOBS_PASSWORD),
    "/account/lock": _form(),
    "/account/lock/active": _form(),
    "/account/locked": _form(pin="4711", password=BOBS_PASSWORD),
    "/account/locked/challenge": _form(),
    "/account/pin": _form(pin="4711", password=BOBS_PASSWORD),
    "/account/reminders/renewed": Case(
        json={"old": "https://push.example.net/of-somebody", "renewed": {"endpoint": "https://push.example.net/his"}}
    ),
    # A token that only a mail to her names: it is changed here, because who has it may stop the mails.
    "/account/reminders/stop/{token}": Case(values={"token": "changed_stop_token"}),
    "/account/manifest.webmanifest": Case(),
    "/account/offline": Case(),
    "/account/{rest:path}": Case(values={"rest": "account"}),
    # The API: each token sees its own account.
    "/api/v1/openapi.json": Case(),
    "/api/v1/token": Case(hers=200),
    "/api/v1/moods": Case(hers=200),
    "/api/v1/months/{month}": Case(values={"month": "month"}, hers=200),
    "/api/v1/entries": Case(
        json={"mood": "anger", "note": "his", "client_id": "his"},
        hers=200,
        also=("/api/v1/entries?from=2026-11-01&to=2026-11-30", "/api/v1/entries?from=2026-11-01&after={entry}"),
    ),
    "/api/v1/entries/{entry_id}": Case(values={"entry_id": "entry"}, hers=200),
    "/api/v1/entries/{entry_id}/note": Case(values={"entry_id": "entry"}, json={"note": "his", "version": 1}),
    "/api/v1/trackers": Case(hers=200, also=("/api/v1/trackers?from=2026-11-01&to=2026-11-30",)),
    "/api/v1/trackers/{tracker_id}/values/{day}": Case(
        values={"tracker_id": "tracker", "day": "day"}, json={"value": 9}
    ),
    "/api/{rest:path}": Case(values={"rest": "entry"}),
    # What pages need beside Streamlit.
    "/tracks/own/{own_id}": Case(values={"own_id": "own_track"}, hers=200),
    "/tracks/local": Case(also=("/tracks/local/{own_track}",)),
    "/left-note": Case(
        json={"form": "entry_{entry}", "note": "his", "base": None}, also=("/left-note?form=entry_{entry}",)
    ),
    "/service-worker.js": Case(),
    "/service-worker/{name}.js": Case(values={"name": "entry"}),
    # For monitors: they say nothing of anybody.
    "/account/health": Case(),
    "/account/metrics": Case(),
    # Streamlit's: the gate compares the tab, and the file's owner, with the cookie.
    "/media/{file_id:path}": Case(values={"file_id": "media"}, hers=200),
    "/_stcore/upload_file/{session_id}/{file_id}": Case(values={"session_id": "tab", "file_id": "upload"}),
    "/component/{path:path}": Case(values={"path": "entry"}),
    "/_stcore/bidi-components/{path:path}": Case(values={"path": "entry"}),
    "/_stcore/health": Case(hers=200),
    "/_stcore/metrics": Case(),
    "/_stcore/host-config": Case(hers=200),
    "/_stcore/agent/interact": Case(json={"session_id": "{tab}"}),
    "/_stcore/agent/openapi.json": Case(),
    "/_stcore/agent/mcp": Case(json={"jsonrpc": "2.0", "id": 1, "method": "tools/list", "session_id": "{tab}"}),
    "/auth/login": Case(also=("/auth/login?provider={account}",)),
    "/auth/logout": Case(),
    "/oauth2callback": Case(also=("/oauth2callback?state={session}",)),
    # The pages themselves are one HTML file; what is on them comes by the websocket (MESSAGES below).
    "": Case(hers=200, also=("/", "/days?day=2026-11-20", "/settings", "/find?entry={entry}", "/anything/{entry}")),
    "/_stcore/stream": Case(also=("/_stcore/stream?session_id={tab}",)),
}

# The messages of a tab: what each would name of another tab. A kind that Streamlit adds fails the test, too.
MESSAGES: dict[str, dict[str, Any]] = {
    "rerun_script": {"page_script_hash": "", "query_string": "day=2026-11-20&entry={entry}", "fragment_id": "{entry}"},
    "stop_script": {},
    "app_heartbeat": {},
    "file_urls_request": {"request_id": "1", "file_names": ["his.wav"], "session_id": "{tab}"},
    "clear_cache": {},
    "set_run_on_save": {},
    "load_git_info": {},
    "debug_disconnect_websocket": {},
    "debug_shutdown_runtime": {},
    "backend_operation_request": {},
}
OPERATIONS: dict[str, dict[str, Any]] = {
    "deferred_file": {"file_id": "{download}"},
    "install_skills": {},
    "dismiss_skills_nudge": {},
    "dataframe_chunk": {"source_id": "{download}", "offset": 0, "limit": 10},
}
