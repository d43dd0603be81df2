"""Where Haru answers, and who reaches it."""

from __future__ import annotations

import ipaddress
import os
import re
from urllib.parse import urlsplit

from settings.setting import Row, Setting, Text


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text.strip("[]")))
    except ValueError:
        raise ValueError(
            f"must be a network address of this machine, such as 0.0.0.0 for all of them, not {text!r}."
        ) from None


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


def _base_path(text: str) -> str:
    path = "/" + text.strip("/")
    if path == "/":
        return ""
    if not re.fullmatch(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+", path):
        raise ValueError(f"must be a path of letters, digits, - and _, such as /haru, not {text!r}.")
    return path


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


def is_safe_address(url: str) -> bool:
    """Whether nobody on the way can read or change what is sent there: HTTPS, or this machine."""
    try:
        parts = urlsplit(url)
        is_here = parts.hostname in ("localhost", "127.0.0.1", "::1")
        return bool(parts.hostname) and (parts.port or 1) > 0 and (parts.scheme == "https" or is_here)
    except ValueError:
        return False
