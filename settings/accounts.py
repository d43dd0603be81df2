"""Who may make an account, and how much it can keep."""

from __future__ import annotations

from settings.readers import whole_number
from settings.setting import Row, Setting, Text

SIGN_UP_MODES = ("open", "invited", "closed")
"""Who may make an account: anybody, people with an invitation, nobody."""


def _sign_up(text: str) -> str:
    if text not in SIGN_UP_MODES:
        raise ValueError(f"must be {', '.join(SIGN_UP_MODES[:-1])} or {SIGN_UP_MODES[-1]}, not {text!r}.")
    return text


SIGN_UP: Setting[str | None] = Setting(
    Row(
        "HARU_SIGN_UP",
        Text(
            "who may make an account: `open` for anybody, `invited` for people with a link of `haru-admin invite`, or "
            "`closed`",
            "누가 계정을 만들 수 있는지: 누구나 `open`, `haru-admin invite`의 링크를 받은 사람만 `invited`, "
            "아무도 `closed`",
        ),
        Text(
            "`open` on this machine only; for others, `open` until the first account exists, then `invited`",
            "이 컴퓨터에서만 쓰면 `open`, 다른 곳에서도 열면 첫 계정까지 `open`, 그 뒤로 `invited`",
        ),
    ),
    parse=_sign_up,
    default=None,
)
ACCOUNT_ENTRIES: Setting[int | None] = Setting(
    Row(
        "HARU_ACCOUNT_ENTRIES",
        Text("most entries that one account can keep", "계정 하나가 보관할 수 있는 기록의 수"),
        Text("no limit", "제한 없음"),
    ),
    parse=whole_number,
    default=None,
)
ACCOUNT_MEGABYTES: Setting[int | None] = Setting(
    Row(
        "HARU_ACCOUNT_MEGABYTES",
        Text(
            "most megabytes of recordings, pictures and own music that one account can keep",
            "계정 하나가 보관할 수 있는 녹음, 사진, 내 음악의 크기(MB)",
        ),
        Text("no limit", "제한 없음"),
    ),
    parse=whole_number,
    default=None,
)
