"""A diary below a path: nginx with deploy/nginx.conf and HTTPS in front of Haru, and Chromium in front of nginx."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from playwright.sync_api import Browser, Page, Playwright, expect

from emotions import BY_KEY
from language import say
from tests.browser.conftest import (
    CHROMIUM,
    PATIENCE,
    WITHOUT_MODELS,
    RunningApp,
    launched,
    open_parts,
    screenshot,
    serving,
    settle,
    turn_to,
    watch,
)
from tests.browser.test_journey import enter
from tests.sounds import spoken
from tests.web.conftest import free_port

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

PROJECT = Path(__file__).parent.parent.parent
BASE = "/haru"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
_AROUND = """daemon off; master_process off; pid nginx.pid; error_log error.log;
events {{}}
http {{
    client_body_temp_path body; proxy_temp_path proxy;
    fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    {}
}}
"""


def t(key: str, **values: object) -> str:
    return say("en", key, **values)


def make_certificate(folder: Path) -> None:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "here")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    certificate = (
        builder.not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


@contextmanager
def nginx_before(app: RunningApp, folder: Path) -> Iterator[str]:
    """The address of an nginx that passes requests below the base path on to the app."""
    if NGINX is None:
        pytest.skip("nginx is not installed; on Debian: apt-get install nginx-light")
    make_certificate(folder)
    port = free_port()
    site = (PROJECT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for written, here in {
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        "server_name diary.example.org;": "server_name localhost;",
        "/etc/letsencrypt/live/diary.example.org/": "",
        "location / {": f"location {BASE} {{",
        "http://127.0.0.1:8501": app.url.replace("localhost", "127.0.0.1"),
    }.items():
        assert written in site
        site = site.replace(written, here)
    configuration = folder / "nginx.conf"
    configuration.write_text(_AROUND.format(site), encoding="utf-8")
    server = subprocess.Popen([NGINX, "-p", folder, "-c", configuration], stderr=subprocess.PIPE, text=True)
    try:
        deadline = time.monotonic() + PATIENCE / 1000
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert server.poll() is None, server.stderr.read() if server.stderr else ""
                assert time.monotonic() < deadline
                time.sleep(0.05)
        yield f"https://localhost:{port}"
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE / 1000)


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HARU_BASE_PATH", BASE)
        folders = [tmp_path_factory.mktemp(name) for name in ("data", "temporary", "nginx")]
        with serving(*folders[:2], module=WITHOUT_MODELS) as app, nginx_before(app, folders[2]) as address:
            yield address


@pytest.fixture(scope="module")
def trusting(driver: Playwright, spoken_sentence: Path, faces_film: Path) -> Iterator[Browser]:
    """A service worker starts only where the browser accepts the certificate."""
    with launched(driver, spoken_sentence, faces_film, CHROMIUM, "--ignore-certificate-errors") as browser:
        yield browser


def test_a_day_is_kept_below_a_path(trusting: Browser, behind: str) -> None:
    context = trusting.new_context(locale="en-US", viewport={"width": 390, "height": 900}, base_url=behind)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    problems: list[str] = []
    watch(page, problems, behind + BASE)  # no request beside the path, and no error in the console
    sockets: list[str] = []
    page.on("websocket", lambda opened: sockets.append(opened.url))

    # Sign up, from the address without its last stroke.
    page.goto(BASE)
    expect(page).to_have_url(f"{behind}{BASE}/account/sign-in")
    page.get_by_role("link", name=t("sign_in.make_account")).click()
    enter(page, t, "Below", "voice", "media")
    expect(page).to_have_url(f"{behind}{BASE}/")
    assert set(sockets) == {f"{behind.replace('https', 'wss')}{BASE}/_stcore/stream"}

    # Keep a day with a recording.
    open_parts(page, "en", "speak")
    page.get_by_role("button", name=t("capture.sound_file")).click()
    uploader = page.get_by_test_id("stFileUploader").filter(visible=True)
    expect(uploader).to_have_count(1)
    with page.expect_response(re.compile(f"{BASE}/_stcore/upload_file/")) as sent:
        uploader.locator("input[type=file]").set_input_files(
            {"name": "day.wav", "mimeType": "audio/wav", "buffer": spoken(3.0)}
        )
    assert sent.value.ok
    page.keyboard.press("Escape")
    expect(page.locator("[class*=st-key-attached_voice]").first).to_be_visible()
    page.get_by_role("radio", name=BY_KEY["happiness"].en).first.click()
    page.get_by_role("button", name=t("entry.save"), exact=True).click()
    card = page.locator("[class*=st-key-mood_card_happiness]").first
    expect(card).to_be_visible()
    settle(page)
    screenshot(page, "below-en-390-today")

    # It is there after a reload, also by the address of another page, and the recording plays.
    turn_to(page, t, "days")
    expect(page).to_have_url(f"{behind}{BASE}/days")
    page.reload()
    settle(page)
    page.goto(f"{BASE}/")
    expect(card).to_be_visible()
    settle(page)
    page.get_by_text(t("media.sound"), exact=True).first.click()
    sound = page.locator("audio").first
    expect(sound).to_be_visible()
    media = sound.get_attribute("src") or ""
    assert media.startswith(f"{behind}{BASE}/media/")
    page.wait_for_function("() => document.querySelector('audio').readyState > 1")

    # The worker keeps this path only, and has the page for when the network is gone.
    scope = page.evaluate("navigator.serviceWorker.ready.then(worker => worker.scope)")
    assert scope == f"{behind}{BASE}/"
    context.set_offline(True)
    page.goto(f"{BASE}/days")
    expect(page.get_by_role("heading", level=1)).to_have_text(t("offline.title"))
    context.set_offline(False)
    page.get_by_role("link", name=t("offline.again")).click()
    settle(page)

    # The cookies are this path's, and come with HTTPS only.
    cookies = {cookie["name"]: cookie for cookie in context.cookies()}
    assert cookies.pop("__Host-haru_form")["path"] == "/"
    assert {cookie["path"] for cookie in cookies.values()} == {BASE}
    assert all(cookie["secure"] for name, cookie in cookies.items() if name.startswith("haru_"))

    sign_out(page)
    expect(page).to_have_url(re.compile(re.escape(f"{behind}{BASE}/account/sign-in")))
    assert context.request.get(media, ignore_https_errors=True).status == 401
    assert "haru_session" not in {cookie["name"] for cookie in context.cookies()}
    context.close()
    # While the network is gone, the page that is left may still try to reach it.
    assert [problem for problem in problems if "ERR_INTERNET_DISCONNECTED" not in problem] == []


def sign_out(page: Page) -> None:
    turn_to(page, t, "settings")
    settle(page)
    page.get_by_role("button", name=t("settings.sign_out"), exact=True).first.click()
