"""Seals a backup for a place that strangers may read: AES-256-GCM with a key that only the operator has.

A sealed file is a header and chunks of one mebibyte. Each chunk is encrypted and authenticated with its number and
whether it is the last one, as in the age format (age-encryption.org): a file that was changed, cut, extended or put
together from others is refused. The header has a random salt, from which comes a key for this file alone.

Inside are one line of JSON and the database. The JSON holds the server's secret, too: without it, reminders would not
go where people want them, and a new server starts with a secret of its own.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

import settings

MAGIC = b"haru sealed backup 1\n"
CHUNK = 1024 * 1024
_TAG = 16
_ID, _SALT = 8, 16
_HEADER = len(MAGIC) + _ID + _SALT
_FACTS_MAX = 64 * 1024


class NotOpened(Exception):
    """Why a sealed backup does not open, as a sentence for the operator."""


@dataclass(frozen=True)
class Facts:
    """What a sealed backup tells besides its database."""

    made_at: str
    secret: bytes | None = field(repr=False)


def new_key() -> str:
    """A key as HARU_BACKUP_KEY takes it."""
    key = os.urandom(settings.BACKUP_KEY_BYTES)
    return base64.urlsafe_b64encode(key + settings.backup_key_check(key)).decode()


def sealed_size(size: int) -> int:
    """How long so many bytes are once they are sealed."""
    return _HEADER + size + _TAG * max(1, -(-size // CHUNK))


@contextmanager
def sealed(database: Path, facts: Facts, key: bytes) -> Iterator[Sealer]:
    """A copy of the database, to be read sealed; it needs no space on the disk."""
    secret = base64.b64encode(facts.secret).decode() if facts.secret else None
    line = json.dumps({"made_at": facts.made_at, "secret": secret}).encode() + b"\n"
    with database.open("rb") as opened:
        yield Sealer(line, opened, os.fstat(opened.fileno()).st_size, key)


class Sealer:
    """A file to read from, whose content is sealed while it is read."""

    def __init__(self, first: bytes, source: BinaryIO, size: int, key: bytes) -> None:
        header = MAGIC + _key_id(key) + os.urandom(_SALT)
        self.size = sealed_size(len(first) + size)
        self._chunks = _chunks(first, source, len(first) + size)
        self._cipher = _Cipher(key, header)
        self._ready = bytearray(header)

    def read(self, length: int = -1) -> bytes:
        while length < 0 or len(self._ready) < length:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            self._ready += self._cipher.seal(*chunk)
        length = len(self._ready) if length < 0 else length
        taken = bytes(self._ready[:length])
        del self._ready[:length]
        return taken


def _chunks(first: bytes, source: BinaryIO, size: int) -> Iterator[tuple[bytes, bool]]:
    """The content in chunks, each with whether it is the last."""
    waiting, left = first, size
    while True:
        chunk = waiting + source.read(min(CHUNK, left) - len(waiting))
        waiting, left = b"", left - len(chunk)
        if len(chunk) < CHUNK and left:
            raise OSError("the file became shorter while it was read")
        yield chunk, not left
        if not left:
            return


def unseal(source: BinaryIO, target: BinaryIO, key: bytes) -> Facts:
    """Writes the database of a sealed backup into `target`; raises `NotOpened`.

    What was written counts only when this returns: then the end was authenticated, too.
    """
    header = source.read(_HEADER)
    if not header.startswith(MAGIC) or len(header) < _HEADER:
        raise NotOpened("It is not a sealed backup.")
    if header[len(MAGIC) :][:_ID] != _key_id(key):
        raise NotOpened("It was sealed with another key than HARU_BACKUP_KEY.")
    opened = _opened(source, _Cipher(key, header))
    line, _, rest = next(opened).partition(b"\n")
    facts = _read_facts(line)
    target.write(rest)
    for chunk in opened:
        target.write(chunk)
    return facts


def _opened(source: BinaryIO, cipher: _Cipher) -> Iterator[bytes]:
    """The chunks; raises `NotOpened` where the next one is not what was sealed, or missing."""
    chunk = source.read(CHUNK + _TAG)
    while True:
        following = source.read(CHUNK + _TAG)
        yield cipher.open(chunk, is_last=not following)
        if not following:
            return
        chunk = following


def _read_facts(line: bytes) -> Facts:
    try:
        read = json.loads(line[:_FACTS_MAX])
        secret = base64.b64decode(read["secret"]) if read["secret"] else None
        return Facts(str(read["made_at"]), secret)
    except (ValueError, KeyError, TypeError) as error:
        raise NotOpened("It was made by a newer Haru.") from error


class _Cipher:
    """Encrypts and decrypts the chunks of one file, in their order."""

    def __init__(self, key: bytes, header: bytes) -> None:
        salt = header[-_SALT:]
        derived = HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"haru sealed backup").derive(key)
        self._aes, self._header, self._number = AESGCM(derived), header, 0

    def seal(self, chunk: bytes, is_last: bool) -> bytes:
        return self._aes.encrypt(self._nonce(is_last), chunk, self._header)

    def open(self, chunk: bytes, is_last: bool) -> bytes:
        try:
            return self._aes.decrypt(self._nonce(is_last), chunk, self._header)
        except InvalidTag as error:
            raise NotOpened("It was changed or cut since it was sealed.") from error

    def _nonce(self, is_last: bool) -> bytes:
        number, self._number = self._number, self._number + 1
        return number.to_bytes(11, "big") + bytes([is_last])


def _key_id(key: bytes) -> bytes:
    """Tells one key from another, and nothing about the key."""
    return sha256(b"haru backup key " + key).digest()[:_ID]
