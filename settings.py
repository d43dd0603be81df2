"""Haru's settings: every HARU_* environment variable with its type, its default and its row in the READMEs.

`Setting.get` reads a variable each time it is used; `exit_if_invalid` checks all of them when Haru starts. This module
imports only the standard library, so that every other module can import it.

python -m settings en      prints the configuration table of README.md (ko: of README.ko.md)
"""

from __future__ import annotations

import base64
import difflib
import hashlib
import importlib.util
import ipaddress
import json
import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formataddr, parseaddr
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

PROJECT = Path(__file__).resolve().parent
ASSETS = PROJECT / "assets"

SPEECH_MODELS = ("small", "medium", "large-v3-turbo")
"""The larger versions of Whisper that `haru-admin speech` fetches."""

SIGN_UP_MODES = ("open", "invited", "closed")
"""Who may make an account: anybody, people with an invitation, nobody."""
BACKUP_KEY_BYTES = 32
_LARGEST_SECRET = 64 * 1024  # bytes

Value = TypeVar("Value")


class SettingError(ValueError):
    """A variable holds a value that Haru cannot use; the message says which variable and what to do."""


@dataclass(frozen=True)
class Text:
    """The same text in both languages of the READMEs."""

    en: str
    ko: str


@dataclass(frozen=True)
class Row:
    """One row of the READMEs' configuration table."""

    name: str
    meaning: Text
    default: Text


@dataclass(frozen=True)
class Setting(Generic[Value]):
    """One environment variable. An empty one counts as unset."""

    row: Row
    parse: Callable[[str], Value]
    """Raises a ValueError that says what the value must be."""
    default: Value
    check: Callable[[Value], None] | None = None
    """Checks the value against the disk when Haru starts; raises a ValueError like `parse`."""
    is_secret: bool = False
    """It may be in a file instead, which `file_name` names: containers pass secrets that way."""

    @property
    def name(self) -> str:
        return self.row.name

    @property
    def file_name(self) -> str:
        return f"{self.name}_FILE"

    def get(self) -> Value:
        """The current value; raises a SettingError if it cannot be used."""
        text = self._text()
        if not text:
            return self.default
        try:
            return self.parse(text)
        except ValueError as error:
            raise SettingError(f"{self.name} {error} Correct it or unset it.") from None

    def validate(self) -> None:
        value = self.get()
        if self.check is None or not self._text():
            return
        try:
            self.check(value)
        except ValueError as error:
            raise SettingError(f"{self.name} {error} Correct it or unset it.") from None

    def _text(self) -> str:
        """What the variable holds, or the file that stands for it; empty if neither is set."""
        text = os.environ.get(self.name, "").strip()
        file = os.environ.get(self.file_name, "").strip() if self.is_secret else ""
        if not file:
            return text
        if text:
            raise SettingError(f"{self.name} and {self.file_name} are both set. Unset one of them.")
        return _read_secret(self.file_name, _path(file))


def _path(text: str) -> Path:
    return Path(text).expanduser()


def _read_secret(variable: str, file: Path) -> str:
    """The secret in a file, without the line break at its end. No message repeats what is in it."""
    if not file.is_file():
        raise SettingError(f"{variable} names {file}, which is not a file. Correct it or unset it.")
    try:
        if file.stat().st_size > _LARGEST_SECRET:
            raise SettingError(f"{variable} names {file}, which is too large for a secret. Correct it or unset it.")
        text = file.read_text(encoding="utf-8").strip()
    except OSError:
        raise SettingError(f"{variable} names {file}, which Haru may not read. Change its permissions.") from None
    except UnicodeDecodeError:
        raise SettingError(f"{variable} names {file}, which is not text. Correct it or unset it.") from None
    if not text:
        raise SettingError(f"{variable} names {file}, which is empty. Fill it or unset the variable.")
    return text


def _paths(text: str) -> tuple[Path, ...]:
    return tuple(_path(part) for part in text.split(os.pathsep) if part)


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text.strip("[]")))
    except ValueError:
        raise ValueError(
            f"must be a network address of this machine, such as 0.0.0.0 for all of them, not {text!r}."
        ) from None


def _proxies(text: str) -> str:
    """What uvicorn reads. It would take the visitor's own word for an address, if every proxy were trusted."""
    for part in text.split(","):
        try:
            network = ipaddress.ip_network(part.strip())
        except ValueError:
            network = None
        if network is None or network.prefixlen == 0:
            raise ValueError(
                "must be the addresses or networks of your proxies, separated by commas, and never *: "
                f"every visitor could forge an address. It is {text!r}."
            )
    return text


def _language(text: str) -> str:
    if text not in ("ko", "en"):
        raise ValueError(f"must be ko or en, not {text!r}.")
    return text


def _ice_servers(text: str) -> tuple[dict[str, Any], ...]:
    message = 'must be a JSON list such as [{"urls": "turn:host:3478", "username": "…", "credential": "…"}].'
    try:
        servers = json.loads(text)
    except ValueError:
        raise ValueError(message) from None
    if not isinstance(servers, list) or not all(isinstance(server, dict) for server in servers):
        raise ValueError(message)
    for server in servers:
        urls = server.get("urls")
        urls = [urls] if isinstance(urls, str) else urls
        if not isinstance(urls, list) or not urls:
            raise ValueError(message)
        if not all(isinstance(url, str) and re.match(r"(stun|turn)s?:.", url) for url in urls):
            raise ValueError(f"{message} Each address starts with stun: or turn:.")
    return tuple(servers)


def speech_model_folder(name: str) -> Path:
    """Where `haru-admin speech` puts a model: in the data folder, which outlives an update of Haru."""
    return DATA.get() / "models" / f"whisper-{name}"


def _speech_model(text: str) -> Path:
    return speech_model_folder(text) if text in SPEECH_MODELS else _path(text)


def _check_speech_model(path: Path | None) -> None:
    if path is None or path.is_dir():
        return
    for name in SPEECH_MODELS:
        if path == speech_model_folder(name):
            raise ValueError(f"names {name}, which is not here yet: run `haru-admin speech {name}` first.")
    raise ValueError(f"names {path}, which is not a folder; the names are {', '.join(SPEECH_MODELS)}.")


def _minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = 0.0
    if not 0 < minutes <= 24 * 60:
        raise ValueError(f"must be a number of minutes from above 0 to 1440, not {text!r}.")
    return minutes


def _metrics_token(text: str) -> str:
    if not re.fullmatch(r"[!-~]{16,}", text):  # a secret: the message does not repeat it
        raise ValueError("must be at least 16 characters of ASCII without spaces.")
    return text


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.lower() not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}, not {text!r}.")
        return text.lower()

    return parse


def _sign_up(text: str) -> str:
    if text not in SIGN_UP_MODES:
        raise ValueError(f"must be {', '.join(SIGN_UP_MODES[:-1])} or {SIGN_UP_MODES[-1]}, not {text!r}.")
    return text


def _most(text: str) -> int:
    try:
        most = int(text)
    except ValueError:
        most = 0
    if most < 1:
        raise ValueError(f"must be a whole number above 0, not {text!r}.")
    return most


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


def _switch(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError(f"must be 1 (on) or 0 (off), not {text!r}.")
    return text == "1"


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


def _check_not_a_file(path: Path) -> None:
    if path.exists() and not path.is_dir():
        raise ValueError(f"names {path}, which is a file; it must name a folder.")


def _check_key(text: str) -> None:
    if not re.fullmatch(r"[\w-]+", text, re.ASCII):  # a secret: the message does not repeat it
        raise ValueError("must be one key of letters, digits, - and _.")


def _base_path(text: str) -> str:
    path = "/" + text.strip("/")
    if path == "/":
        return ""
    if not re.fullmatch(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+", path):
        raise ValueError(f"must be a path of letters, digits, - and _, such as /haru, not {text!r}.")
    return path


def _public_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        is_address = bool(parts.scheme in ("http", "https") and parts.hostname) and (parts.port or 0) >= 0
    except ValueError:
        is_address = False
    if not is_address or parts.path not in ("", "/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError(
            "must be an address without a path, such as https://diary.example.org. A path belongs into HARU_BASE_PATH."
        )
    return f"{parts.scheme}://{parts.netloc}"


def is_safe_address(url: str) -> bool:
    """Whether nobody on the way can read or change what is sent there: HTTPS, or this machine."""
    try:
        parts = urlsplit(url)
        is_here = parts.hostname in ("localhost", "127.0.0.1", "::1")
        return bool(parts.hostname) and (parts.port or 1) > 0 and (parts.scheme == "https" or is_here)
    except ValueError:
        return False


def _issuer(text: str) -> str:
    if not is_safe_address(text) or any(sign in text for sign in "?#@ "):
        raise ValueError(
            "must be the provider's issuer, an HTTPS address such as https://login.example.org/realms/main."
        )
    return text


def _client_text(text: str) -> str:
    if not re.fullmatch(r"[ -~]{1,1000}", text):  # perhaps a secret: the message does not repeat it
        raise ValueError("must be letters, digits and signs of ASCII, as the provider shows it.")
    return text


def _check_issuer(_issuer: str) -> None:
    if not OIDC_CLIENT_ID.get() or not PUBLIC_URL.get():
        raise ValueError("must come with HARU_OIDC_CLIENT_ID and HARU_PUBLIC_URL, which are not set.")


@dataclass(frozen=True)
class SmtpServer:
    """The mail server that sends reminders."""

    host: str
    port: int
    encryption: str
    """`tls` from the start, `starttls`, or `none`: only on this machine."""
    user: str = ""
    password: str = field(default="", repr=False)


def _smtp(text: str) -> SmtpServer:
    message = "must be an address such as smtps://user:password@mail.example.org:465, or smtp:// for STARTTLS."
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueError(message) from None
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path not in ("", "/") or parts.query:
        raise ValueError(message)
    is_here = parts.hostname in ("localhost", "127.0.0.1", "::1")
    encryption = "tls" if parts.scheme == "smtps" else "none" if is_here else "starttls"
    usual = {"tls": 465, "starttls": 587, "none": 25}[encryption]
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return SmtpServer(parts.hostname, port or usual, encryption, user, password)


def _check_smtp(_server: SmtpServer | None) -> None:
    if not SMTP_FROM.get() or not PUBLIC_URL.get():
        raise ValueError("must come with HARU_SMTP_FROM and HARU_PUBLIC_URL, which are not set.")


def _sender(text: str) -> str:
    name, address = parseaddr(text)
    if not text.isprintable() or not re.fullmatch(r"[^@\s<>]+@[A-Za-z0-9.-]+", address) or not address.isascii():
        raise ValueError(f"must be an address such as Haru <haru@example.org>, not {text!r}.")
    return formataddr((name, address))


def _one_line(text: str) -> str:
    if not text.isprintable():  # a secret: the message does not repeat it
        raise ValueError("must be on one line.")
    return text


def _label(text: str) -> str:
    if len(text) > 40 or not text.isprintable():
        raise ValueError("must be at most 40 characters on one line.")
    return text


def _apprise(text: str) -> str:
    """An address of Apprise with one gap for what a person enters; it may hold a secret, so no message repeats it."""
    message = "must be an address of Apprise with one {} behind its host, such as ntfys://ntfy.example.org/{}."
    try:
        parts = urlsplit(text)
    except ValueError:
        raise ValueError(message) from None
    if not parts.scheme or not parts.netloc or text.count("{}") != 1 or "{}" in parts.scheme + parts.netloc:
        raise ValueError(message)
    return text


def _check_folder(path: Path | None) -> None:
    if path is not None and not path.is_dir():
        raise ValueError(f"names {path}, which is not a folder.")


def _check_weights(paths: tuple[Path, ...]) -> None:
    for path in paths:
        if not path.exists():
            raise ValueError(f"names {path}, which does not exist.")
        if not path.is_dir() and path.suffix not in (".safetensors", ".json"):
            raise ValueError(f"names {path}, which is neither a folder nor a .safetensors or .json file.")


DATA: Setting[Path] = Setting(
    Row(
        "HARU_DATA",
        Text(
            "folder for the database, its backups and the server's secret",
            "데이터베이스, 백업, 서버 비밀키를 두는 폴더",
        ),
        Text("`data/`", "`data/`"),
    ),
    parse=_path,
    default=PROJECT / "data",
    check=_check_not_a_file,
)
ADDRESS: Setting[str] = Setting(
    Row(
        "HARU_ADDRESS",
        Text(
            "network address that Haru answers on: `0.0.0.0` for all of the machine's, `::` for IPv6 too",
            "하루가 응답할 네트워크 주소. 이 컴퓨터의 모든 주소는 `0.0.0.0`, IPv6까지는 `::`",
        ),
        Text("`127.0.0.1`: only this machine", "`127.0.0.1`: 이 컴퓨터에서만"),
    ),
    parse=_address,
    default="127.0.0.1",
)
DEMO_LANGUAGE: Setting[str | None] = Setting(
    Row(
        "HARU_LANG",
        Text("language of the demo: `ko` or `en`", "데모의 언어: `ko` 또는 `en`"),
        Text("the language of your machine", "컴퓨터의 언어"),
    ),
    parse=_language,
    default=None,
)
ICE_SERVERS: Setting[tuple[dict[str, Any], ...]] = Setting(
    Row(
        "HARU_ICE_SERVERS",
        Text("STUN and TURN servers for the live tab, as a JSON list", "실시간 탭이 쓰는 STUN·TURN 서버의 JSON 목록"),
        Text("none; localhost needs none", "없음. localhost에서는 필요 없어요"),
    ),
    parse=_ice_servers,
    default=(),
    is_secret=True,
)
MUSIC_FOLDER: Setting[Path | None] = Setting(
    Row(
        "HARU_MUSIC_FOLDER",
        Text(
            "folder of music on the server; everyone with an account can play and analyse it",
            "서버에 있는 음악 폴더. 계정이 있는 사람은 누구나 듣고 분석할 수 있어요",
        ),
        Text("none", "없음"),
    ),
    parse=_path,
    default=None,
    check=_check_folder,
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
WEIGHTS: Setting[tuple[Path, ...]] = Setting(
    Row(
        "HARU_WEIGHTS",
        Text(
            "weights that you trained: files or folders, separated as in `PATH`",
            "직접 학습한 가중치: 파일이나 폴더, `PATH`처럼 구분해요",
        ),
        Text("the weights in `assets/weights`", "`assets/weights`의 가중치"),
    ),
    parse=_paths,
    default=(),
    check=_check_weights,
)
FREE_WEIGHTS: Setting[bool] = Setting(
    Row(
        "HARU_FREE_WEIGHTS",
        Text(
            "`1` uses only weights that allow any use (`docs/licences.md`): voices and faces are not read",
            "`1`이면 어떤 목적에든 쓸 수 있는 가중치만 써요(`docs/licences.md`). 목소리와 얼굴은 읽지 않아요",
        ),
        Text("all in `assets/weights`", "`assets/weights`에 있는 모두"),
    ),
    parse=_switch,
    default=False,
)
SPEECH_MODEL: Setting[Path | None] = Setting(
    Row(
        "HARU_SPEECH_MODEL",
        Text(
            "model that writes recordings down: a folder, or a name that `haru-admin speech` fetched "
            "(`small`, `medium`, `large-v3-turbo`)",
            "녹음을 받아 적는 모델: 폴더, 또는 `haru-admin speech`로 받아 둔 이름(`small`, `medium`, `large-v3-turbo`)",
        ),
        Text("Whisper base in `assets/weights/stt`", "`assets/weights/stt`의 Whisper base"),
    ),
    parse=_speech_model,
    default=None,
    check=_check_speech_model,
)
SPEECH_MINUTES: Setting[float] = Setting(
    Row(
        "HARU_SPEECH_MINUTES",
        Text(
            "minutes without a recording after which that model leaves the memory",
            "녹음이 없으면 그 모델을 메모리에서 내리기까지의 시간(분)",
        ),
        Text("10", "10"),
    ),
    parse=_minutes,
    default=10.0,
)
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
    parse=_most,
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
    parse=_most,
    default=None,
)
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
    parse=_label,
    default="",
)
BACKUP_PASSWORD: Setting[str] = Setting(
    Row(
        "HARU_BACKUP_PASSWORD",
        Text("its password, or the secret of the access key", "그 비밀번호, S3라면 비밀 액세스 키"),
        Text("none", "없음"),
    ),
    parse=_one_line,
    default="",
    is_secret=True,
)
PUBLIC_URL: Setting[str] = Setting(
    Row(
        "HARU_PUBLIC_URL",
        Text(
            "where people reach this server, such as `https://diary.example.org`; reminders link to it",
            "사람들이 이 서버를 여는 주소. 예: `https://diary.example.org`. 알림에 이 주소가 들어가요",
        ),
        Text("the address in the person's browser", "각자의 브라우저에 뜬 주소"),
    ),
    parse=_public_url,
    default="",
)
BASE_PATH: Setting[str] = Setting(
    Row(
        "HARU_BASE_PATH",
        Text(
            "path below which Haru answers, such as `/haru`, where a proxy serves other programs on the same host name",
            "프록시가 같은 호스트 이름으로 다른 프로그램도 보여 줄 때 하루가 응답할 경로. 예: `/haru`",
        ),
        Text("none: the whole host name", "없음. 호스트 이름 전체"),
    ),
    parse=_base_path,
    default="",
)
SMTP: Setting[SmtpServer | None] = Setting(
    Row(
        "HARU_SMTP_URL",
        Text(
            "mail server for reminders: `smtps://user:password@host:465`, or `smtp://…` for STARTTLS",
            "알림 메일을 보낼 서버: `smtps://user:password@host:465`, STARTTLS면 `smtp://…`",
        ),
        Text("no reminders by mail", "메일 알림 없음"),
    ),
    parse=_smtp,
    default=None,
    check=_check_smtp,
    is_secret=True,
)
SMTP_FROM: Setting[str] = Setting(
    Row(
        "HARU_SMTP_FROM",
        Text(
            "sender of these mails, such as `Haru <haru@example.org>`",
            "메일의 보낸 사람. 예: `Haru <haru@example.org>`",
        ),
        Text("none", "없음"),
    ),
    parse=_sender,
    default="",
)
APPRISE_URL: Setting[str] = Setting(
    Row(
        "HARU_APPRISE_URL",
        Text(
            "another channel for reminders, as an address of Apprise with a `{}` that each person fills in, such as "
            "`ntfys://ntfy.example.org/{}`",
            "알림을 보낼 다른 통로: Apprise 주소. `{}` 자리는 각자 채워요. 예: `ntfys://ntfy.example.org/{}`",
        ),
        Text("none", "없음"),
    ),
    parse=_apprise,
    default="",
    is_secret=True,
)
APPRISE_LABEL: Setting[str] = Setting(
    Row(
        "HARU_APPRISE_LABEL",
        Text("what people enter there, such as `ntfy topic`", "거기에 채우는 것의 이름. 예: `ntfy topic`"),
        Text("none", "없음"),
    ),
    parse=_label,
    default="",
)
OIDC_ISSUER: Setting[str] = Setting(
    Row(
        "HARU_OIDC_ISSUER",
        Text(
            "OpenID Connect provider that says who people are; their diaries still open by password or passkey. "
            "Its redirect address for Haru: `/account/oidc/callback`",
            "누구인지 알려 주는 OpenID Connect 서버(issuer). 일기는 여전히 비밀번호나 패스키로 열려요. "
            "그쪽에 등록할 리디렉션 주소: `/account/oidc/callback`",
        ),
        Text("none", "없음"),
    ),
    parse=_issuer,
    default="",
    check=_check_issuer,
)
OIDC_CLIENT_ID: Setting[str] = Setting(
    Row(
        "HARU_OIDC_CLIENT_ID",
        Text("Haru's client ID there", "그쪽에 등록한 하루의 클라이언트 ID"),
        Text("none", "없음"),
    ),
    parse=_client_text,
    default="",
)
OIDC_CLIENT_SECRET: Setting[str] = Setting(
    Row(
        "HARU_OIDC_CLIENT_SECRET",
        Text("the client's secret", "클라이언트 시크릿"),
        Text("none: a public client, with PKCE only", "없음. PKCE만 쓰는 공개 클라이언트"),
    ),
    parse=_client_text,
    default="",
    is_secret=True,
)
OIDC_NAME: Setting[str] = Setting(
    Row(
        "HARU_OIDC_NAME",
        Text(
            "what people call the provider, such as `Example University`",
            "사람들이 부르는 이름. 예: `Example University`",
        ),
        Text("its host name", "호스트 이름"),
    ),
    parse=_label,
    default="",
)
OIDC_SIGN_UP: Setting[bool] = Setting(
    Row(
        "HARU_OIDC_SIGN_UP",
        Text(
            "`1`: whom the provider names may make an account, even where `HARU_SIGN_UP` lets nobody in",
            "`1`이면 그쪽에서 확인한 사람은 `HARU_SIGN_UP`이 막고 있어도 계정을 만들 수 있어요",
        ),
        Text("`0`", "`0`"),
    ),
    parse=_switch,
    default=False,
)
FORWARDED_ALLOW_IPS: Setting[str] = Setting(
    Row(
        "FORWARDED_ALLOW_IPS",
        Text(
            "addresses of proxies whose `X-Forwarded-*` headers Haru trusts; it does not start with `*`",
            "`X-Forwarded-*` 헤더를 믿을 프록시의 주소. `*`로는 시작하지 않아요",
        ),
        Text("`127.0.0.1`", "`127.0.0.1`"),
    ),
    parse=_proxies,
    default="127.0.0.1",
)
METRICS_TOKEN: Setting[str] = Setting(
    Row(
        "HARU_METRICS_TOKEN",
        Text(
            "secret of at least 16 characters with which a Prometheus reads `/account/metrics`",
            "프로메테우스가 `/account/metrics`를 읽을 때 쓰는 16자 이상의 비밀 값",
        ),
        Text("no metrics", "지표 없음"),
    ),
    parse=_metrics_token,
    default="",
    is_secret=True,
)
LOG_LEVEL: Setting[str] = Setting(
    Row(
        "HARU_LOG_LEVEL",
        Text(
            "what the log holds: `error`, `warning`, `info`, or `debug` with a line for each request",
            "로그에 남길 것: `error`, `warning`, `info`, 또는 요청마다 한 줄을 더하는 `debug`",
        ),
        Text("`info`", "`info`"),
    ),
    parse=_one_of("error", "warning", "info", "debug"),
    default="info",
)
LOG_FORMAT: Setting[str] = Setting(
    Row(
        "HARU_LOG_FORMAT",
        Text(
            "form of the log: `text`, or `json` with one object a line",
            "로그의 형식: `text`, 또는 한 줄에 객체 하나인 `json`",
        ),
        Text("`text`", "`text`"),
    ),
    parse=_one_of("text", "json"),
    default="text",
)
ALL: tuple[Setting[Any], ...] = (
    *(DATA, ADDRESS, DEMO_LANGUAGE, ICE_SERVERS, MUSIC_FOLDER, YOUTUBE_KEY),
    *(WEIGHTS, FREE_WEIGHTS),
    *(SPEECH_MODEL, SPEECH_MINUTES, SIGN_UP, ACCOUNT_ENTRIES, ACCOUNT_MEGABYTES),
    *(BACKUPS, BACKUP_KEY, BACKUP_TO, BACKUP_USER, BACKUP_PASSWORD),
    *(PUBLIC_URL, BASE_PATH, SMTP, SMTP_FROM, APPRISE_URL, APPRISE_LABEL),
    *(OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME, OIDC_SIGN_UP, FORWARDED_ALLOW_IPS),
    *(METRICS_TOKEN, LOG_LEVEL, LOG_FORMAT),
)

# make and Streamlit read these; Haru itself does not.
_OTHER_ROWS = (
    Row("PORT", Text("port of `make run` and `make demo`", "`make run`과 `make demo`의 포트"), Text("8501", "8501")),
    Row(
        "STREAMLIT_SERVER_ALLOWED_HOSTS",
        Text("host names that Haru answers to, separated by commas", "하루가 응답할 호스트 이름, 쉼표로 구분해요"),
        Text("`localhost`, `127.0.0.1`, `::1`", "`localhost`, `127.0.0.1`, `::1`"),
    ),
)
_STREAMLITS_BASE = "STREAMLIT_SERVER_BASE_URL_PATH"
# Only deploy/compose.yaml reads these, but they may be set in the shell that starts Haru.
_COMPOSE_VARIABLES = {"HARU_DOMAIN", "HARU_TURN_SECRET"}
_HEAD = Text(
    "| variable | what it sets | default |\n| --- | --- | --- |", "| 변수 | 정하는 것 | 기본값 |\n| --- | --- | --- |"
)


def is_for_this_machine_only() -> bool:
    """Whether nobody else reaches Haru, by what the operator set: its address, and the names that it answers to.

    A proxy on this machine brings others to a Haru on the loopback; then the names are not only those of this machine.
    """
    names = os.environ.get("STREAMLIT_SERVER_ALLOWED_HOSTS", "").split(",")
    return all(map(_is_this_machine, [ADDRESS.get(), urlsplit(PUBLIC_URL.get()).hostname or "", *names]))


def _is_this_machine(host: str) -> bool:
    """A name or an address of the loopback; none counts, too."""
    name = host.strip(" []\"'")
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name in ("", "localhost") or name.endswith(".localhost")


def problems() -> list[str]:
    """One sentence for each setting that Haru cannot use."""
    found = []
    if os.environ.get(_STREAMLITS_BASE, "").strip("/ "):
        found.append(f"{_STREAMLITS_BASE} moves Streamlit alone, past Haru's gates. Set HARU_BASE_PATH in its place.")
    for setting in ALL:
        try:
            setting.validate()
        except SettingError as error:
            found.append(str(error))
    return found


def misspelt() -> list[str]:
    """One sentence for each HARU_* variable that Haru does not know."""
    known = {setting.name for setting in ALL} | {setting.file_name for setting in ALL if setting.is_secret}
    found = []
    for name in sorted(set(filter(re.compile("HARU_").match, os.environ)) - known - _COMPOSE_VARIABLES):
        similar = difflib.get_close_matches(name, known, 1)
        found.append(f"Haru has no setting {name}" + (f"; did you mean {similar[0]}?" if similar else "."))
    return found


def exit_if_invalid() -> None:
    """Ends the process with code 2 and a sentence for each wrong setting; only warns of unknown variables."""
    for sentence in misspelt():
        print(sentence, file=sys.stderr)
    if found := problems():
        print("Haru did not start.", *found, sep="\n", file=sys.stderr, flush=True)
        raise SystemExit(2)


def table(language: str) -> str:
    """The READMEs' configuration table in one language, as Markdown."""
    rows = [(setting.row, " (`_FILE`)" if setting.is_secret else "") for setting in ALL]
    rows += [(row, "") for row in _OTHER_ROWS]
    lines = [
        f"| `{row.name}`{mark} | {getattr(row.meaning, language)} | {getattr(row.default, language)} |"
        for row, mark in rows
    ]
    return "\n".join([getattr(_HEAD, language), *lines])


if __name__ == "__main__":
    print(table(sys.argv[1] if len(sys.argv) > 1 else "en"))
