"""How long daily backups are kept, and where sealed copies of them go."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from settings.readers import label, one_line
from settings.setting import Row, Setting, Text

BACKUP_KEY_BYTES = 32


@dataclass(frozen=True)
class KeptBackups:
    """For how many days, weeks and months one automatic backup each is kept."""

    days: int
    weeks: int
    months: int


def _kept_backups(text: str) -> KeptBackups | None:
    if text == "off":
        return None
    if not re.fullmatch(r"[1-9]\d{0,2}/\d{1,3}/\d{1,3}", text, re.ASCII):
        raise ValueError(f"must be numbers of days, weeks and months such as 7/4/6, or off, not {text!r}.")
    return KeptBackups(*map(int, text.split("/")))


@dataclass(frozen=True)
class BackupPlace:
    """Where sealed copies of the backups go: a folder of a WebDAV server, or a bucket of S3."""

    url: str
    """Of the folder, or of an S3 service that is not Amazon's."""
    bucket: str = ""
    """Empty for WebDAV."""
    prefix: str = ""
    region: str | None = None

    @property
    def package(self) -> str:
        """The package that speaks with it, which requirements-backup.txt names."""
        return "boto3" if self.bucket else "webdav4"


def _backup_place(text: str) -> BackupPlace:
    message = "must be a folder such as https://cloud.example.org/dav/haru, or s3://bucket/folder?endpoint=https://…"
    try:
        parts = urlsplit(text)
        asked = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
    except ValueError:
        raise ValueError(f"{message}.") from None
    if "@" in parts.netloc:  # a password may be in it: the message does not repeat it
        raise ValueError("must be without a user and password: HARU_BACKUP_USER and HARU_BACKUP_PASSWORD have them.")
    if parts.scheme == "s3" and parts.netloc and not parts.fragment and set(asked) <= {"endpoint", "region"}:
        endpoint = asked.get("endpoint", "")
        _check_encrypted(endpoint or "https://s3.amazonaws.com", message)
        return BackupPlace(endpoint, parts.netloc, parts.path.strip("/"), asked.get("region"))
    if parts.query or parts.fragment:
        raise ValueError(f"{message}.")
    _check_encrypted(text, message)
    return BackupPlace(text.rstrip("/"))


def _check_encrypted(url: str, message: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{message}.")
    if parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise ValueError("must begin with https: the password would travel in clear.")


def _check_backup_place(place: BackupPlace | None) -> None:
    if place is None:
        return
    if BACKUP_KEY.get() is None:
        raise ValueError("must come with HARU_BACKUP_KEY, which is not set; `haru-admin backup --new-key` makes one.")
    if importlib.util.find_spec(place.package) is None:
        install = "`pip install --requirement requirements-backup.txt`"
        raise ValueError(f"must come with the package {place.package}, which is not here: run {install}.")


def backup_key_check(key: bytes) -> bytes:
    """The end of a backup key's text, by which a mistyped one is noticed before it is needed."""
    return hashlib.sha256(b"haru backup key check" + key).digest()[:4]


def _backup_key(text: str) -> bytes:
    try:
        decoded = base64.b64decode(text, altchars=b"-_", validate=True)
    except ValueError:
        decoded = b""
    key, check = decoded[:BACKUP_KEY_BYTES], decoded[BACKUP_KEY_BYTES:]
    if check != backup_key_check(key) or len(text) % 4:  # a secret: the message does not repeat it
        raise ValueError("must be a whole key as `haru-admin backup --new-key` makes it.")
    return key


BACKUPS: Setting[KeptBackups | None] = Setting(
    Row(
        "HARU_BACKUPS",
        Text(
            "daily backups: for how many days, weeks and months one each is kept, or `off`",
            "매일 하는 백업: 며칠, 몇 주, 몇 달 동안 하나씩 남길지. 끄려면 `off`",
        ),
        Text("`7/4/6`", "`7/4/6`"),
    ),
    parse=_kept_backups,
    default=KeptBackups(7, 4, 6),
)
BACKUP_KEY: Setting[bytes | None] = Setting(
    Row(
        "HARU_BACKUP_KEY",
        Text(
            "key that seals backups for another place; `haru-admin backup --new-key` makes one",
            "다른 곳에 둘 백업을 암호화하는 키. `haru-admin backup --new-key`로 만들어요",
        ),
        Text("none", "없음"),
    ),
    parse=_backup_key,
    default=None,
    is_secret=True,
)
BACKUP_TO: Setting[BackupPlace | None] = Setting(
    Row(
        "HARU_BACKUP_TO",
        Text(
            "other place for a sealed copy of each backup: a WebDAV folder (`https://…`), or "
            "`s3://bucket/folder?endpoint=https://…`",
            "백업마다 암호화한 사본을 둘 다른 곳: WebDAV 폴더(`https://…`)나 `s3://bucket/folder?endpoint=https://…`",
        ),
        Text("none", "없음"),
    ),
    parse=_backup_place,
    default=None,
    check=_check_backup_place,
)
BACKUP_USER: Setting[str] = Setting(
    Row(
        "HARU_BACKUP_USER",
        Text("user of that place, or the id of an S3 access key", "그곳의 사용자 이름, S3라면 액세스 키 ID"),
        Text("none", "없음"),
    ),
    parse=label,
    default="",
)
BACKUP_PASSWORD: Setting[str] = Setting(
    Row(
        "HARU_BACKUP_PASSWORD",
        Text("its password, or the secret of the access key", "그 비밀번호, S3라면 비밀 액세스 키"),
        Text("none", "없음"),
    ),
    parse=one_line,
    default="",
    is_secret=True,
)
