"""When an open page counts as left: the minutes after which a person wants Haru to lock itself (diary/app_lock.py).

Separate because sessions decide by it, and everything else here needs sessions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

PREFERENCE = "lock_after"
MINUTES = (0, 1, 5, 15, 30)
"""The choices; 0 is never."""
_SLACK = timedelta(seconds=20)
"""The server waits longer by it: a page reports only now and then that its person does something, and covers itself
first (assets/frame/lock.js)."""


def is_over(row: Mapping[str, Any], moment: datetime) -> bool:
    """Whether the person has done nothing for too long in this session, by its columns and `lock_after`.

    Also where the machine's clock went back to before the last activity: nobody knows then how long ago that was.
    """
    minutes = _minutes(row["lock_after"])
    if not minutes:
        return False
    left_for = moment - datetime.fromisoformat(row["active_at"] or row["created_at"])
    return not -_SLACK < left_for < timedelta(minutes=minutes) + _SLACK


def _minutes(stored: str | None) -> int:
    try:
        minutes = json.loads(stored or "0")
    except ValueError:
        return 0
    return minutes if minutes in MINUTES else 0
