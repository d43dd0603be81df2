"""Web push: encrypts a message for one browser (RFC 8291) and signs the request to its push service (RFC 8292).

`cryptography` has all that this needs. The libraries for it bring along two HTTP clients, whose redirects and look-ups
could reach the server's own network.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from diary import server_secret
from reminders import public_https
from reminders.outcomes import Gone, NotSent

_CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_POINT_BYTES, _AUTH_BYTES = 65, 16
_RECORD = 4096
_PADDED = 512
"""Every message has this length, so that its length does not show the language."""
_LIFETIME = timedelta(hours=12)


@dataclass(frozen=True)
class Subscription:
    """Where one browser receives messages, and the keys to encrypt them with."""

    endpoint: str
    p256dh: bytes
    auth: bytes

    @classmethod
    def read(cls, given: object) -> Subscription:
        """The subscription in what a browser sent, `PushSubscription.toJSON()`; raises a ValueError if it is none."""
        if not isinstance(given, Mapping) or not isinstance(given.get("keys"), Mapping):
            raise ValueError("no subscription")
        endpoint, keys = given.get("endpoint"), given["keys"]
        if not isinstance(endpoint, str):
            raise ValueError("no endpoint")
        public_https.check(endpoint)
        found = cls(endpoint, _bytes(keys.get("p256dh"), _POINT_BYTES), _bytes(keys.get("auth"), _AUTH_BYTES))
        found.public_key()
        return found

    def as_json(self) -> dict[str, Any]:
        """What `read` reads again."""
        return {"endpoint": self.endpoint, "keys": {"p256dh": _text(self.p256dh), "auth": _text(self.auth)}}

    def public_key(self) -> ec.EllipticCurvePublicKey:
        return ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, self.p256dh)


def send(subscription: Subscription, message: Mapping[str, str], *, expires: datetime, contact: str | None) -> None:
    """Sends the message; raises `Gone` or `NotSent`.

    `contact` is an address of whoever runs this server, for the push service: Apple's requires one.
    """
    seconds = max(0, int((expires - datetime.now(UTC)).total_seconds()))
    headers = {
        "Authorization": authorization(subscription.endpoint, contact),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(seconds),
        "Urgency": "normal",
        "Topic": message["tag"],  # a second message with this topic replaces one that still waits
    }
    body = encrypt(subscription, json.dumps(message, ensure_ascii=False).encode())
    try:
        answer = public_https.post(subscription.endpoint, headers, body)
    except public_https.Refused as error:
        raise Gone from error
    except public_https.Failed as error:
        raise NotSent(str(error)) from error
    if answer.status in (404, 410):
        raise Gone
    if not 200 <= answer.status < 300:
        raise NotSent(f"the push service answered {answer.status}", answer.retry_after)


def encrypt(
    subscription: Subscription,
    plain: bytes,
    *,
    key: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
    padded: int = _PADDED,
) -> bytes:
    """The message as one record of aes128gcm (RFC 8188), with keys by RFC 8291. Only tests give `key` and `salt`."""
    key = key or ec.generate_private_key(_CURVE)
    salt = salt or os.urandom(16)
    own = _point(key)
    about = b"WebPush: info\0" + subscription.p256dh + own
    shared = key.exchange(ec.ECDH(), subscription.public_key())
    material = _derive(shared, subscription.auth, about, 32)
    cipher = AESGCM(_derive(material, salt, b"Content-Encoding: aes128gcm\0", 16))
    nonce = _derive(material, salt, b"Content-Encoding: nonce\0", 12)
    record = (plain + b"\x02").ljust(padded, b"\0")
    if len(record) > _RECORD - 16:
        raise ValueError("the message is too long")
    return salt + _RECORD.to_bytes(4, "big") + bytes([len(own)]) + own + cipher.encrypt(nonce, record, None)


def public_key() -> str:
    """The server's public key, as `PushManager.subscribe` takes it: `applicationServerKey`."""
    return _text(_point(_server_key()))


def authorization(endpoint: str, contact: str | None) -> str:
    """The header that proves to the push service that the message comes from the server that was subscribed to."""
    parts = public_https.check(endpoint)
    claims: dict[str, Any] = {
        "aud": f"https://{parts.netloc}",
        "exp": int((datetime.now(UTC) + _LIFETIME).timestamp()),
    }
    if contact:
        claims["sub"] = contact
    signed = ".".join(_text(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    r, s = decode_dss_signature(_server_key().sign(signed.encode(), ec.ECDSA(SHA256())))
    return f"vapid t={signed}.{_text(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}, k={public_key()}"


def _server_key() -> ec.EllipticCurvePrivateKey:
    """The VAPID key. It comes from the server's secret: without that file, no stored subscription opens either."""
    # 48 bytes for a number of 32: the rest of the division is then as good as evenly spread.
    number = int.from_bytes(server_secret.derived("web push", 48), "big")
    return ec.derive_private_key(number % (_ORDER - 1) + 1, _CURVE)


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derive(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(material)


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _bytes(text: object, length: int) -> bytes:
    if not isinstance(text, str) or len(text) > 2 * length or not text.isascii():
        raise ValueError("no key")
    try:
        content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise ValueError("no key") from error
    if len(content) != length:
        raise ValueError("a key of another length")
    return content
