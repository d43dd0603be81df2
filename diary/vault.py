"""Encryption: seals the content of a diary with the account's own random data key.

The database stores the data key only wrapped: by a key from the password (Argon2id), from the recovery code, and from
each session's cookie, or that cookie and its PIN. Without one of them nobody can read a note, not even the operator.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from diary import errors, surrogates

KEY_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16
# The first byte of sealed content. Before 1.0, content was sealed without padding; it still opens.
_UNPADDED, PADDED = b"\x01", b"\x02"
_OVERHEAD = len(PADDED) + _NONCE_BYTES + _TAG_BYTES
MARK_BYTES = len(PADDED) + _NONCE_BYTES
"""The beginning of sealed content, which no other content has."""
_LENGTH_BYTES = 8  # of the number before a padded content that says how long it is
_SMALL_STEP = 256  # bytes

# Crockford's base 32 has no I, L, O or U, which handwriting confuses.
_CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_GROUPS, _CODE_GROUP_LENGTH = 5, 5  # 125 bits: nobody can guess it, so no slow hash is needed


class Vault:
    """Seals and opens with one account's data key."""

    def __init__(self, data_key: bytes) -> None:
        self._data_key = data_key
        self._cipher = AESGCM(data_key)
        self._proof_key = _derive(data_key, b"haru proofs")

    def __repr__(self) -> str:
        return "Vault(…)"  # a traceback or a log must never show the key

    def seal(self, plain: bytes, about: str) -> bytes:
        """Encrypts content and hides its exact length.

        `about` names its place (an entry's id): moved to another place, it does not open.
        """
        nonce = os.urandom(_NONCE_BYTES)
        counted = _LENGTH_BYTES + len(plain)
        padded = b"".join((len(plain).to_bytes(_LENGTH_BYTES), plain, bytes(_padded_length(counted) - counted)))
        return PADDED + nonce + self._cipher.encrypt(nonce, padded, _associated(PADDED, about))

    def open(self, sealed: bytes, about: str) -> bytes:
        """Decrypts content; raises `Unopenable` if it is damaged, moved or sealed with another key."""
        form, nonce, body = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        if form not in (_UNPADDED, PADDED):
            raise errors.Unopenable()
        try:
            plain = self._cipher.decrypt(nonce, body, _associated(form, about))
        except (InvalidTag, ValueError) as error:
            raise errors.Unopenable() from error
        return plain if form == _UNPADDED else _without_padding(plain)

    def seal_json(self, content: object, about: str) -> bytes:
        """Encrypts JSON. Lone surrogates become �: UTF-8 has no form for them, and no page can show them."""
        return self.seal(surrogates.repaired(json.dumps(content, ensure_ascii=False)).encode(), about)

    def open_json(self, sealed: bytes, about: str) -> Any:
        """What `seal_json` sealed. Content that is no JSON counts as damaged."""
        try:
            content, _ = surrogates.read_json(surrogates.decoded(self.open(sealed, about)))
        except (ValueError, RecursionError) as error:
            raise errors.Unopenable() from error
        return content

    def opens(self, sealed: bytes, about: str) -> bool:
        try:
            self.open(sealed, about)
        except errors.Unopenable:
            return False
        return True

    def proof(self, message: bytes) -> bytes:
        """A keyed hash that only this vault can make."""
        return hmac.digest(self._proof_key, message, "sha256")

    def wrap_for(self, key: bytes, account_id: str) -> bytes:
        """The data key, encrypted with `key`."""
        return Vault(key).seal(self._data_key, f"data key of {account_id}")


def is_unpadded(sealed: bytes) -> bool:
    """Whether a version before 1.0 sealed this content."""
    return sealed[:1] == _UNPADDED


def sealed_lengths(length: int) -> tuple[int, int]:
    """How many bytes a sealed content of this length has: as sealed today, and before contents were padded."""
    return _OVERHEAD + _padded_length(_LENGTH_BYTES + length), _OVERHEAD + length


def has_form(first: bytes, length: int) -> bool:
    """Whether sealed content can begin with this byte and be so long; says nothing of what is in it."""
    if first == PADDED:
        padded = length - _OVERHEAD
        return padded >= _SMALL_STEP and _padded_length(padded) == padded
    return first == _UNPADDED and length >= _OVERHEAD


def new() -> Vault:
    """A vault with a new random data key."""
    return Vault(os.urandom(KEY_BYTES))


def unwrap(wrapped: bytes, key: bytes, account_id: str) -> Vault:
    """The vault whose data key `wrap_for` encrypted with `key`."""
    return Vault(Vault(key).open(wrapped, f"data key of {account_id}"))


def key_from_password(password: str, salt: bytes) -> bytes:
    # RFC 9106's second recommended setting (64 MiB, three passes), with two lanes for a small machine.
    return hash_secret_raw(
        password.encode(), salt, time_cost=3, memory_cost=64 * 1024, parallelism=2, hash_len=KEY_BYTES, type=Type.ID
    )


def key_from_pin(pin: str, salt: bytes, token: str) -> bytes:
    """The key of a PIN in one browser. Without the token, trying every PIN opens nothing."""
    return _derive(key_from_password(pin, salt) + token.encode(), b"haru pin")


def key_from_recovery_code(code: str) -> bytes:
    return _derive(tidy_recovery_code(code).encode(), b"haru recovery code")


def key_from_token(token: str) -> bytes:
    return _derive(token.encode(), b"haru session")


def key_from_api_token(token: str) -> bytes:
    return _derive(token.encode(), b"haru api token")


def new_recovery_code() -> str:
    groups = ("".join(secrets.choice(_CODE_ALPHABET) for _ in range(_CODE_GROUP_LENGTH)) for _ in range(_CODE_GROUPS))
    return "-".join(groups)


def tidy_recovery_code(code: str) -> str:
    """The code in its original form; ignores case, spaces, hyphens and confusable letters."""
    plain = code.upper().translate(str.maketrans("OIL", "011"))
    return "".join(character for character in plain if character in _CODE_ALPHABET)


def _padded_length(length: int) -> int:
    """The next step of 256 bytes; from 8 KiB on, Padmé's (Nikitin et al., PETS 2019), which adds at most 6.3 %."""
    exponent = length.bit_length() - 1
    step = max(_SMALL_STEP, 1 << (exponent - exponent.bit_length()))
    return -(-length // step) * step


def _without_padding(plain: bytes) -> bytes:
    length = int.from_bytes(plain[:_LENGTH_BYTES])
    if length > len(plain) - _LENGTH_BYTES:
        raise errors.Unopenable()
    return plain[_LENGTH_BYTES : _LENGTH_BYTES + length]


def _associated(form: bytes, about: str) -> bytes:
    """With the format of padded content: otherwise its padding could be shown as content."""
    return about.encode() if form == _UNPADDED else form + about.encode()


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(secret)
