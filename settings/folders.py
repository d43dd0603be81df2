"""Where things are on the disk: the project, its assets, and the data of the people."""

from __future__ import annotations

from pathlib import Path

from settings.readers import as_path
from settings.setting import Row, Setting, Text

PROJECT = Path(__file__).resolve().parent.parent
ASSETS = PROJECT / "assets"


def _check_not_a_file(path: Path) -> None:
    if path.exists() and not path.is_dir():
        raise ValueError(f"names {path}, which is a file; it must name a folder.")


DATA: Setting[Path] = Setting(
    Row(
        "HARU_DATA",
        Text(
            "folder for the database, its backups and the server's secret",
            "데이터베이스, 백업, 서버 비밀키를 두는 폴더",
        ),
        Text("`data/`", "`data/`"),
    ),
    parse=as_path,
    default=PROJECT / "data",
    check=_check_not_a_file,
)
