"""Scripts, styles and fonts reach the browser compressed, once; and the page that loads them is Haru's."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import httpx2 as httpx
import pytest
from starlette.testclient import TestClient

import settings
from language import say
from tests.web.conftest import SIGN_UP, Browser
from web import index_page, install, static_files, streamlit_build

PROJECT = Path(__file__).parents[2]
SCRIPT = streamlit_build.first_scripts()[0]
STYLE = "/account/assets/style/account.css"
FONTS = sorted((settings.ASSETS / "fonts").glob("*.woff2"))


def raw(client: TestClient, path: str, **headers: str) -> tuple[httpx.Headers, bytes]:
    """The headers and the bytes as they went over the network."""
    with client.stream("GET", path, headers={"accept-encoding": "identity"} | headers) as answer:
        return answer.headers, b"".join(answer.iter_raw())


def test_a_script_is_compressed_for_a_browser_that_accepts_it(served: TestClient) -> None:
    whole = (streamlit_build.STATIC / SCRIPT.removeprefix("/static/")).read_bytes()
    headers, sent = raw(served, SCRIPT, **{"accept-encoding": "gzip, deflate, br"})
    assert headers["content-encoding"] == "gzip"
    assert headers["vary"] == "Accept-Encoding"
    assert headers["content-type"].startswith("text/javascript")
    assert gzip.decompress(sent) == whole
    assert len(sent) < len(whole) / 2
    plain, unpacked = raw(served, SCRIPT)
    assert "content-encoding" not in plain
    assert unpacked == whole
    assert plain["etag"] != headers["etag"]


def test_a_browser_asks_for_a_hashed_file_once(served: TestClient) -> None:
    for path in (SCRIPT, f"/account/assets/fonts/{FONTS[0].name}", static_files.versioned("style/account.css")):
        assert "immutable" in raw(served, path)[0]["cache-control"], path
    for path in (STYLE, f"{STYLE}?v=00000000"):
        assert raw(served, path)[0]["cache-control"] == "no-cache", path


def test_an_unchanged_file_is_not_sent_again(served: TestClient) -> None:
    tag = raw(served, STYLE)[0]["etag"]
    with served.stream("GET", STYLE, headers={"if-none-match": tag, "accept-encoding": "identity"}) as answer:
        assert answer.status_code == 304
        assert b"".join(answer.iter_raw()) == b""
    assert raw(served, STYLE, **{"if-none-match": '"other"'})[1]


def test_the_pages_before_sign_in_fetch_what_today_needs(browser: Browser) -> None:
    page = browser.get("/account/sign-in").text
    named = set(re.findall(r'rel="prefetch" href="([^"]+)"', page))
    assert named == set(index_page.prefetched())
    files = {address.partition("?")[0] for address in named}
    assert files <= set(static_files.FILES)
    assert any("BidiComponent" in address for address in files)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_page_is_in_the_persons_language(browser: Browser, language: str) -> None:
    browser.post(f"/account/sign-up?lang={language}", SIGN_UP | {"name": language})
    page = browser.get("/days")
    assert f'<html lang="{language}">' in page.text
    assert f"<title>{say(language, 'app.name')}</title>" in page.text
    assert say(language, "shell.loading") in page.text
    assert say(language, "shell.no_script") in page.text
    assert page.headers["cache-control"] == "no-cache"
    assert "etag" not in page.headers
    # An unchanged page of Streamlit's does not hide a changed one of Haru's.
    assert (
        browser.get("/days", headers={"if-none-match": '"x"', "if-modified-since": "Fri, 1 Jan 2100"}).text == page.text
    )


def test_every_file_that_the_page_names_is_there(browser: Browser) -> None:
    browser.sign_up()
    page = browser.get("/").text
    named = re.findall(r'(?:src|href)="\.?(/(?:static|account)/[^"?]+)', page)
    assert len(named) > 100
    assert set(named) - {install.MANIFEST} <= set(static_files.FILES)
    assert "SourceSans" not in page


def test_the_style_sheet_of_streamlit_names_no_large_font() -> None:
    style = static_files.FILES[static_files.ASSETS + static_files.STREAMLIT_STYLE].read().decode()
    assert "@font-face" in style
    assert not re.search("SourceSansVF-Upright|MaterialSymbols", style)
    for address in re.findall(r"url\((/static/[^)]+)\)", style):
        assert str(Path(address.replace("/css/../", "/"))) in static_files.FILES


def test_a_fonts_name_changes_with_its_content() -> None:
    style = (settings.ASSETS / "style" / "fonts.css").read_text(encoding="utf-8")
    assert set(re.findall(r"fonts/([\w.-]+\.woff2)", style)) == {font.name for font in FONTS}
    for font in FONTS:
        assert font.name.split(".")[1] == hashlib.sha256(font.read_bytes()).hexdigest()[:8]


def test_the_small_font_has_every_icon_that_the_project_names() -> None:
    """If this fails, take another icon from assets/fonts/icons.txt, or run assets/fonts/slice.py."""
    files = [
        *PROJECT.glob("*.py"),
        *(file for room in ("components", "demo", "pages") for file in (PROJECT / room).rglob("*.py")),
    ]
    named = {name for file in files for name in re.findall(r":material/(\w+):", file.read_text(encoding="utf-8"))}
    assert named
    assert named <= set((settings.ASSETS / "fonts" / "icons.txt").read_text(encoding="utf-8").split())
