"""Encryption and signatures of web push, against the example of RFC 8291 and by the keys of a browser."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from reminders import public_https, web_push
from reminders.web_push import Subscription
from tests.reminders.push_service import FakeBrowser


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def private_key(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(raw(text), "big"), ec.SECP256R1())


def test_the_example_of_rfc_8291_appendix_a() -> None:
    keys = {
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    }
    encrypted = web_push.encrypt(
        Subscription.read({"endpoint": "https://push.example.net/x", "keys": keys}),
        b"When I grow up, I want to be a watermelon",
        key=private_key("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
        salt=raw("DGv6ra1nlYgDCS1FRnbzlw"),
        padded=0,
    )
    assert encrypted == raw(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK"
        "6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_only_the_browsers_key_opens_a_message_and_its_length_says_nothing() -> None:
    browser, other = FakeBrowser("https://push.example.net/1"), FakeBrowser("https://push.example.net/2")
    subscription = Subscription.read(browser.subscription)
    short, long = (web_push.encrypt(subscription, text.encode()) for text in ("하루", "오늘은 어땠나요?"))
    assert (browser.open(short), browser.open(long)) == ("하루".encode(), "오늘은 어땠나요?".encode())
    assert len(short) == len(long) < 4096
    with pytest.raises(InvalidTag):
        other.open(short)


def test_the_signature_is_of_the_public_key_that_browsers_subscribe_with(data_folder: Path) -> None:
    header = web_push.authorization("https://push.example.net/1", "https://diary.example.org")
    scheme, token, key = header.replace(",", "").split()
    assert (scheme, key) == ("vapid", f"k={web_push.public_key()}")
    signed, _, signature = token.removeprefix("t=").rpartition(".")
    r, s = (int.from_bytes(half, "big") for half in (raw(signature)[:32], raw(signature)[32:]))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(web_push.public_key()))
    public.verify(encode_dss_signature(r, s), signed.encode(), ec.ECDSA(SHA256()))
    with pytest.raises(InvalidSignature):
        public.verify(encode_dss_signature(r, s), signed.encode() + b"x", ec.ECDSA(SHA256()))
    first, claims = (json.loads(raw(part)) for part in signed.split("."))
    assert first == {"typ": "JWT", "alg": "ES256"}
    assert (claims["aud"], claims["sub"]) == ("https://push.example.net", "https://diary.example.org")
    assert 0 < claims["exp"] - datetime.now(UTC).timestamp() < 24 * 3600
    assert "sub" not in web_push.authorization("https://push.example.net/1", None)


def test_the_key_stays_with_the_servers_secret(data_folder: Path) -> None:
    first = web_push.public_key()
    assert web_push.public_key() == first
    assert len(raw(first)) == 65
    assert (data_folder / "server.secret").stat().st_mode & 0o077 == 0
    (data_folder / "server.secret").unlink()
    assert web_push.public_key() != first


def changed(**changes: object) -> dict:
    given = FakeBrowser("https://push.example.net/1").subscription
    return given | changes if "keys" not in changes else given | {"keys": given["keys"] | changes["keys"]}


@pytest.mark.parametrize(
    "given",
    [
        None,
        [],
        {},
        {"endpoint": "https://push.example.net/1"},
        changed(endpoint=None),
        changed(endpoint=b"https://push.example.net/1"),
        changed(endpoint="http://push.example.net/1"),
        changed(endpoint="https://push.example.net:8443/1"),
        changed(endpoint="https://push.example.net:99999999/1"),
        changed(endpoint="https://me:secret@push.example.net/1"),
        changed(endpoint="https://push.example.net/1#there"),
        changed(endpoint="https:///1"),
        changed(endpoint="https://[::1/"),
        changed(endpoint="https://push.example.net/\r\nX-Header: 1"),
        changed(endpoint="https://push.example.net/ 1"),
        changed(endpoint="https://푸시.example.net/1"),
        changed(endpoint="file:///etc/passwd"),
        changed(endpoint="https://push.example.net/" + "x" * public_https.LONGEST_URL),
        changed(keys={"auth": "short"}),
        changed(keys={"auth": "A" * 4000}),
        changed(keys={"auth": 7}),
        changed(keys={"p256dh": None}),
        changed(keys={"p256dh": "B" + "A" * 86}),  # 65 bytes, no point of the curve
        changed(keys={"p256dh": "한" * 87}),
    ],
)
def test_what_is_no_subscription_is_refused(given: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        Subscription.read(given)
