"""Which page sent a request."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers

from web import origins


@pytest.mark.parametrize(
    ("origin", "host", "said"),
    [
        ("http://localhost:8501", "localhost:8501", "own"),
        ("https://diary.example.org", "diary.example.org", "own"),
        ("https://diary.example.org", "Diary.Example.org:443", "own"),
        ("http://diary.example.org", "diary.example.org:80", "own"),
        ("http://[::1]", "[::1]:80", "own"),
        ("http://diary.example.org", "diary.example.org:443", "other"),
        ("https://diary.example.org", "diary.example.org:80", "other"),
        ("https://diary.example.org:8443", "diary.example.org", "other"),
        ("https://diary.example.org.evil.example", "diary.example.org", "other"),
        ("https://user@diary.example.org", "diary.example.org", "other"),
        ("null", "diary.example.org", "other"),
        ("null", "", "other"),
        ("https://[broken", "diary.example.org", "other"),
    ],
)
def test_the_page_is_known_by_its_address(origin: str, host: str, said: str) -> None:
    assert origins.sender(Headers({"origin": origin, "host": host})) == said


def test_what_the_browser_says_of_the_site_comes_first() -> None:
    for site, said in {"same-origin": "own", "none": "own", "same-site": "other", "cross-site": "other"}.items():
        headers = {"sec-fetch-site": site, "origin": "https://diary.example.org", "host": "haru:8501"}
        assert origins.sender(Headers(headers)) == said
    assert origins.sender(Headers({"host": "diary.example.org"})) == "unknown"
