"""The servers over which a browser behind a firewall reaches the live tab."""

from __future__ import annotations

import json
import re
from typing import Any

from settings.setting import Row, Setting, Text


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
