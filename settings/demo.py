"""The language of the demo."""

from __future__ import annotations

from settings.setting import Row, Setting, Text


def _language(text: str) -> str:
    if text not in ("ko", "en"):
        raise ValueError(f"must be ko or en, not {text!r}.")
    return text


DEMO_LANGUAGE: Setting[str | None] = Setting(
    Row(
        "HARU_LANG",
        Text("language of the demo: `ko` or `en`", "데모의 언어: `ko` 또는 `en`"),
        Text("the language of your machine", "컴퓨터의 언어"),
    ),
    parse=_language,
    default=None,
)
