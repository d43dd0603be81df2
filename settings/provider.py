"""Sign-in by an organisation's OpenID Connect provider."""

from __future__ import annotations

import re

from settings.network import PUBLIC_URL, is_safe_address
from settings.readers import label, switch
from settings.setting import Row, Setting, Text


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
    parse=label,
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
    parse=switch,
    default=False,
)
