"""Music on the server, and on YouTube."""

from __future__ import annotations

import re
from pathlib import Path

from settings.readers import as_path, check_folder
from settings.setting import Row, Setting, Text


def _check_key(text: str) -> None:
    if not re.fullmatch(r"[\w-]+", text, re.ASCII):  # a secret: the message does not repeat it
        raise ValueError("must be one key of letters, digits, - and _.")


MUSIC_FOLDER: Setting[Path | None] = Setting(
    Row(
        "HARU_MUSIC_FOLDER",
        Text(
            "folder of music on the server; everyone with an account can play and analyse it",
            "서버에 있는 음악 폴더. 계정이 있는 사람은 누구나 듣고 분석할 수 있어요",
        ),
        Text("none", "없음"),
    ),
    parse=as_path,
    default=None,
    check=check_folder,
)
YOUTUBE_KEY: Setting[str] = Setting(
    Row(
        "HARU_YOUTUBE_KEY",
        Text("YouTube Data API key, for searching YouTube", "유튜브 검색에 쓰는 YouTube Data API 키"),
        Text("no search, only Haru's own catalogue", "검색 없이 하루의 목록만 써요"),
    ),
    parse=str,
    default="",
    check=_check_key,
    is_secret=True,
)
