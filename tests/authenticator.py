"""An authenticator in software: makes passkeys and answers challenges as a browser passes them on."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

_PRESENT, _VERIFIED, _HAS_CREDENTIAL = 1, 4, 64


@dataclass
class Authenticator:
    """Has one passkey. A test changes what it says: the origin, the counter, whether it verified its person."""

    origin: str = "http://localhost"
    has_prf: bool = True
    is_verified: bool = True
    count: int = 0
    """0: it does not count, as synchronised passkeys."""
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    prf_key: bytes = field(default_factory=lambda: os.urandom(32))
    user_handle: str = ""

    def make(self, options: str) -> tuple[str, str]:
        """What a browser posts after `navigator.credentials.create`: the credential and the secret."""
        asked = json.loads(options)
        self.user_handle = asked["user"]["id"]
        point = self.key.public_key().public_numbers()
        public = encode_cbor({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + public
        data = self._data(asked["rp"]["id"], _HAS_CREDENTIAL) + attested
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", asked)
        return self._json({"clientDataJSON": client, "attestationObject": attestation}), self._secret(asked)

    def use(self, options: str) -> tuple[str, str]:
        """What a browser posts after `navigator.credentials.get`."""
        asked = json.loads(options)
        if self.count:
            self.count += 1
        data, client = self._data(asked["rpId"]), self._client("webauthn.get", asked)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        answer = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        return self._json(answer, userHandle=self.user_handle), self._secret(asked)

    def _secret(self, asked: dict[str, Any]) -> str:
        given = base64url_to_bytes(asked["extensions"]["prf"]["eval"]["first"])
        return bytes_to_base64url(hmac.digest(self.prf_key, given, "sha256")) if self.has_prf else ""

    def _data(self, rp_id: str, flags: int = 0) -> bytes:
        flags |= _PRESENT | (_VERIFIED if self.is_verified else 0)
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, asked: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": asked["challenge"], "origin": self.origin}).encode()

    def _json(self, answer: dict[str, bytes], **further: str) -> str:
        named = bytes_to_base64url(self.credential_id)
        response = {name: bytes_to_base64url(value) for name, value in answer.items()} | further
        return json.dumps({"id": named, "rawId": named, "type": "public-key", "response": response})
