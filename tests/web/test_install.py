"""Haru can be installed: its manifest and icons, and the page that the service worker shows without a network."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image

from language import LANGUAGES, say
from tests.web.conftest import Browser
from web import service_worker


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_browser_can_install_the_diary(browser: Browser, language: str) -> None:
    page = browser.get(f"/account/sign-in?lang={language}").text
    (address,) = re.findall('rel="manifest" href="([^"]+)"', page)
    answer = browser.get(address)
    assert answer.headers["content-type"] == "application/manifest+json"
    found = answer.json()
    assert (found["name"], found["lang"]) == (say(language, "install.name"), language)
    assert (found["start_url"], found["scope"], found["display"]) == ("/", "/", "standalone")
    assert found["shortcuts"][0]["name"] == say(language, "install.today")
    assert {icon["purpose"] for icon in found["icons"]} == {"any", "maskable"}
    for icon in found["icons"]:
        picture = Image.open(io.BytesIO(browser.get(icon["src"]).content))
        assert icon["sizes"] == f"{picture.width}x{picture.height}"
    assert len(re.findall('<meta name="theme-color" media="[^"]+" content="#[0-9a-f]{6}">', page)) == 2


def test_the_diarys_own_pages_name_the_manifest(browser: Browser) -> None:
    browser.sign_up()
    page = browser.get("/")
    assert 'rel="manifest"' in page.text
    assert "navigator.serviceWorker?.register('/service-worker.js')" in page.text
    assert page.headers["content-language"] in LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_without_a_network_needs_nothing_else(browser: Browser, language: str) -> None:
    page = browser.get(f"/account/offline?lang={language}")
    assert say(language, "offline.title") in page.text
    assert "form_token" not in page.text
    worker = browser.get("/service-worker/shell.js").text
    assert set(re.findall('(?:src|rel="icon" href|stylesheet" href)="([^"]+)"', page.text)) <= set(_kept(worker))


def test_the_worker_is_another_one_after_an_update(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Browsers compare its text; the name of its cache changes with it."""
    before = browser.get("/service-worker/shell.js").text
    monkeypatch.setattr(service_worker.streamlit_build, "index_page", lambda: "another build")
    service_worker._text.cache_clear()
    after = browser.get("/service-worker/shell.js").text
    service_worker._text.cache_clear()
    assert before.splitlines()[0] != after.splitlines()[0]
    assert before.splitlines()[1:] == after.splitlines()[1:]


def _kept(worker: str) -> list[str]:
    (line,) = re.findall(r"^const OFFLINE_FILES = \[(.*)\]$", worker, re.MULTILINE)
    return re.findall('"([^"]+)"', line)
