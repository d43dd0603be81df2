"""Passkeys that open the diary: each wraps the account's data key once more.

A passkey's authenticator derives a secret that never changes and that only this site gets, after it verified its person
(the PRF extension of WebAuthn). A key from this secret wraps the data key, as the password's key does. The server
stores neither the secret nor that key, so a stolen database opens no diary.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import secrets
import sqlite3
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import webauthn
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    options_to_json_dict,
    parse_authentication_credential_json,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from diary import database, errors, sessions, throttle, vault
from diary.sessions import Session
from diary.vault import Vault

log = logging.getLogger("haru.passkeys")

MOST = 20
NAME_MAX = 40
_HANDLE_BYTES = _SALT_BYTES = 32
_SECRET_BYTES = 32
# The authenticator mixes it into the secret. The same for all, because at sign-in nobody knows yet whose passkey comes.
PRF_INPUT = hashlib.sha256(b"haru passkey opens the diary").digest()


@dataclass(frozen=True)
class Site:
    """Where the browser has Haru open: passkeys work at this host name alone."""

    rp_id: str
    origin: str


@dataclass(frozen=True)
class Answer:
    """What a browser answered to a challenge."""

    site: Site
    challenge: bytes
    credential: str
    """JSON, as in WebAuthn's `toJSON()`."""
    secret: str = field(repr=False)
    """The PRF's output in base64url; empty if the authenticator or the browser has none."""


@dataclass(frozen=True)
class Opened:
    """An account whose vault a passkey opened."""

    account_id: str
    vault: Vault


@dataclass(frozen=True)
class Passkey:
    id: str
    name: str
    host: str
    created_at: datetime
    used_at: datetime | None


def options_to_add(session: Session, site: Site, challenge: bytes) -> str:
    """What the browser needs to make a passkey, as JSON; raises `TooManyPasskeys`."""
    with database.connect() as db:
        rows = list(db.query(_OF_ACCOUNT, [session.account_id]))
    if len(rows) >= MOST:
        raise errors.TooManyPasskeys(most=MOST)
    options = webauthn.generate_registration_options(
        rp_id=site.rp_id,
        rp_name="Haru",
        user_name=session.name,
        # The same for all passkeys of an account, or an authenticator would show it as several people.
        user_id=rows[0]["user_handle"] if rows else os.urandom(_HANDLE_BYTES),
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(row["credential_id"]) for row in rows if row["rp_id"] == site.rp_id
        ],
    )
    return _with_prf(options_to_json_dict(options))


def options_to_open(site: Site, challenge: bytes) -> str:
    """What the browser needs to use a passkey, as JSON. It names no account: the person chooses in the browser."""
    options = webauthn.generate_authentication_options(
        rp_id=site.rp_id, challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
    )
    return _with_prf(options_to_json_dict(options))


def add(session: Session, answer: Answer, name: str, user_handle: str) -> None:
    """Stores a passkey that opens this person's diary; raises `PasskeyWithoutSecret` and stores nothing without PRF.

    `user_handle` is the one in the options, in base64url.
    """
    name = tidy_name(name)
    secret = _secret_of(answer)
    if secret is None:
        raise errors.PasskeyWithoutSecret()
    try:
        handle = base64url_to_bytes(user_handle)
        made = webauthn.verify_registration_response(
            credential=answer.credential,
            expected_challenge=answer.challenge,
            expected_rp_id=answer.site.rp_id,
            expected_origin=answer.site.origin,
            require_user_verification=True,
        )
    except Exception as error:  # webauthn lets errors of its parsers through
        raise errors.PasskeyRefused() from error
    if len(handle) != _HANDLE_BYTES:
        raise errors.PasskeyRefused()
    passkey_id, salt = secrets.token_hex(16), os.urandom(_SALT_BYTES)
    row = {
        "id": passkey_id,
        "account_id": session.account_id,
        "credential_id": made.credential_id,
        "user_handle": handle,
        "rp_id": answer.site.rp_id,
        "public_key": made.credential_public_key,
        "sign_count": made.sign_count,
        "salt": salt,
        "data_key": session.vault.wrap_for(_key_from(secret, salt), session.account_id),
        "sealed": session.vault.seal_json({"name": name}, _about(passkey_id)),
        "created_at": database.now(),
    }
    with sessions.transaction(session) as db:
        if db.table("passkeys").count_where("account_id = ?", [session.account_id]) >= MOST:
            raise errors.TooManyPasskeys(most=MOST)
        try:
            db.table("passkeys").insert(row)
        except sqlite3.IntegrityError as error:
            raise errors.PasskeyKnown() from error


def open(answer: Answer) -> Opened:
    """Checks a passkey's answer and opens the vault that it belongs to."""
    try:
        credential = parse_authentication_credential_json(answer.credential)
    except Exception as error:
        raise errors.PasskeyRefused() from error
    with database.connect() as db:
        found = db.query("select * from passkeys where credential_id = ?", [credential.raw_id])
        row = next(found, None)
    if row is None or row["rp_id"] != answer.site.rp_id:
        raise errors.PasskeyUnknown()
    try:
        checked = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=answer.challenge,
            expected_rp_id=answer.site.rp_id,
            expected_origin=answer.site.origin,
            credential_public_key=row["public_key"],
            credential_current_sign_count=0,  # `_count_use` compares it: two answers may come at once
            require_user_verification=True,
        )
    except Exception as error:
        raise errors.PasskeyRefused() from error
    if credential.response.user_handle != row["user_handle"]:
        raise errors.PasskeyRefused()
    secret = _secret_of(answer)
    if secret is None:
        raise errors.PasskeyGaveNoSecret()
    _count_use(row["id"], checked.new_sign_count)
    try:
        opened = vault.unwrap(row["data_key"], _key_from(secret, row["salt"]), row["account_id"])
    except errors.Unopenable as error:
        raise errors.PasskeyDoesNotOpen() from error
    return Opened(row["account_id"], opened)


def sign_in(read_answer: Callable[[], Answer], address: str) -> str:
    """Returns the token of a new session. No name is guessed, so only the address counts against tries.

    `read_answer` is called once the try is counted.
    """
    limit, network = throttle.PASSKEYS_BY_ADDRESS, throttle.network_of(address)
    counted_at = throttle.count((limit, network))
    opened = open(read_answer())
    throttle.uncount(limit, network, counted_at)
    return sessions.start(opened.account_id, opened.vault)


def listed(session: Session) -> list[Passkey]:
    """The passkeys of a person, the oldest first; one whose name is damaged has an empty name."""
    with database.connect() as db:
        rows = list(db.query(_OF_ACCOUNT, [session.account_id]))
    return [
        Passkey(
            row["id"],
            _name_of(session, row),
            row["rp_id"],
            datetime.fromisoformat(row["created_at"]),
            datetime.fromisoformat(row["used_at"]) if row["used_at"] else None,
        )
        for row in rows
    ]


def count(account_id: str) -> int:
    with database.connect() as db:
        return db.table("passkeys").count_where("account_id = ?", [account_id])


def rename(session: Session, passkey_id: str, name: str) -> None:
    sealed = session.vault.seal_json({"name": tidy_name(name)}, _about(passkey_id))
    with sessions.transaction(session) as db:
        changed = db.execute(
            "update passkeys set sealed = ? where id = ? and account_id = ?", [sealed, passkey_id, session.account_id]
        ).rowcount
    if not changed:
        raise errors.PasskeyNotFound()


def remove(session: Session, passkey_id: str) -> None:
    """Deletes a passkey with its copy of the data key: it opens nothing any more."""
    with sessions.transaction(session) as db:
        removed = db.execute(
            "delete from passkeys where id = ? and account_id = ?", [passkey_id, session.account_id]
        ).rowcount
    if not removed:
        raise errors.PasskeyNotFound()


_OF_ACCOUNT = "select * from passkeys where account_id = ? order by created_at, id"


def _count_use(passkey_id: str, sign_count: int) -> None:
    """Stores the authenticator's counter. One that does not grow may come from a copy; many always say 0."""
    with database.transaction() as db:
        is_new = db.execute(
            "update passkeys set sign_count = ?, used_at = ? "
            "where id = ? and (sign_count < ? or (sign_count = 0 and ? = 0))",
            [sign_count, database.timestamp(datetime.now(UTC)), passkey_id, sign_count, sign_count],
        ).rowcount
    if not is_new:
        log.warning("the counter of a passkey did not grow; the sign-in is refused")
        raise errors.PasskeyCopied()


def _secret_of(answer: Answer) -> bytes | None:
    if not answer.secret:
        return None
    try:
        secret = base64url_to_bytes(answer.secret)
    except ValueError as error:
        raise errors.PasskeyRefused() from error
    if len(secret) != _SECRET_BYTES:
        raise errors.PasskeyRefused()
    return secret


def _key_from(secret: bytes, salt: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=vault.KEY_BYTES, salt=salt, info=b"haru passkey").derive(secret)


def _with_prf(options: dict) -> str:
    return json.dumps(options | {"extensions": {"prf": {"eval": {"first": bytes_to_base64url(PRF_INPUT)}}}})


def tidy_name(name: str) -> str:
    """The name as it is stored; raises `PasskeyNameUnusable`."""
    # Composing a long run of accents takes quadratic time.
    tidy = unicodedata.normalize("NFC", name[: NAME_MAX * 4]).strip()
    if not 1 <= len(tidy) <= NAME_MAX or not all(c == " " or c.isprintable() for c in tidy):
        raise errors.PasskeyNameUnusable(most=NAME_MAX)
    return tidy


def _name_of(session: Session, row: dict) -> str:
    try:
        name = session.vault.open_json(row["sealed"], _about(row["id"]))["name"]
    except (errors.Unopenable, TypeError, KeyError):
        return ""
    return name if isinstance(name, str) else ""


def _about(passkey_id: str) -> str:
    return f"passkey {passkey_id}"
