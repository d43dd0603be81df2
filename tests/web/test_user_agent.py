from __future__ import annotations

import pytest

from web import user_agent

WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (WINDOWS, ("chrome", "windows")),
        (WINDOWS + " Edg/142.0.0.0", ("edge", "windows")),
        (WINDOWS + " OPR/120.0", ("opera", "windows")),
        ("Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0", ("firefox", "android")),
        (
            "Mozilla/5.0 (Linux; Android 15; SM-S931N) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 "
            "Chrome/130.0.0.0 Mobile Safari/537.36",
            ("samsung", "android"),
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/26.0 Mobile/15E148 Safari/604.1",
            ("safari", "iphone"),
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 "
            "Safari/605.1.15",
            ("safari", "macos"),
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", ("firefox", "linux")),
        ("<script>alert(1)</script>" * 1000, ("", "")),
        ("", ("", "")),
    ],
)
def test_a_browser_is_described_as_a_person_would(header: str, expected: tuple[str, str]) -> None:
    assert user_agent.described(header) == expected
    assert {key for key in expected if key} <= user_agent.NAMES.keys()
