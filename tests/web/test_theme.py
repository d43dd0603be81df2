"""The sentence without JavaScript, and the theme that a person chose, before Streamlit's own scripts run."""

from __future__ import annotations

import re
from html import unescape

import pytest

import settings
from language import LANGUAGES, say
from tests.web.conftest import Browser
from web import cookies

STYLES = [*settings.ASSETS.rglob("*.css"), *(settings.PROJECT / "web").rglob("*.css")]


@pytest.mark.parametrize("path", ["/", "/days", "/no-such-page"])
def test_without_javascript_it_says_so_in_both_languages(browser: Browser, path: str) -> None:
    browser.sign_up()
    page = browser.get(path)
    (said,) = re.findall("<noscript>(.*?)</noscript>", page.text, re.DOTALL)
    assert unescape(said) == "".join(f'<p lang="{code}">{say(code, "shell.no_script")}</p>' for code in LANGUAGES)
    assert "You need to enable" not in page.text
    assert "viewport-fit=cover" in page.text


def test_the_theme_is_set_before_streamlit_starts(browser: Browser) -> None:
    browser.sign_up()
    page = browser.get("/").text
    assert 0 < page.index(cookies.THEME) < page.index('type="module"')


@pytest.mark.parametrize(("chosen", "shown"), [("dark", ' data-theme="dark"'), ("light", ' data-theme="light"')])
def test_the_account_pages_show_the_chosen_theme(browser: Browser, chosen: str, shown: str) -> None:
    browser.cookies.set(cookies.THEME, chosen)
    assert f'<html lang="en"{shown}>' in browser.get("/account/help", headers={"accept-language": "en"}).text


def test_any_other_theme_is_ignored(browser: Browser) -> None:
    browser.cookies.set(cookies.THEME, '"><script>')
    assert '<html lang="en">' in browser.get("/account/help", headers={"accept-language": "en"}).text


def test_no_style_sheet_follows_the_system_alone() -> None:
    """A person's choice would not reach such rules; light-dark() follows it."""
    assert [sheet.name for sheet in STYLES if "prefers-color-scheme" in sheet.read_text(encoding="utf-8")] == []
    assert len(STYLES) > 10
