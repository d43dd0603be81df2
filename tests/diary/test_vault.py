from __future__ import annotations

import os

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from diary import errors, vault
from diary.vault import Vault


@given(st.binary(max_size=2000), st.text(max_size=40, alphabet=st.characters(codec="utf-8")))
def test_what_goes_in_comes_out(plain: bytes, about: str) -> None:
    opened = vault.new()
    assert opened.open(opened.seal(plain, about), about) == plain


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.lists(st.text()), max_size=5))
def test_sealed_json_comes_back(content: dict) -> None:
    opened = vault.new()
    assert opened.open_json(opened.seal_json(content, "x"), "x") == content


@pytest.mark.parametrize(
    "stored",
    [
        '{"title": "\ud800"}'.encode("utf-8", "surrogatepass"),  # as entries and drafts were sealed before
        rb'{"title": "\ud800"}',  # as imported music feedback was sealed before
    ],
)
def test_a_lone_surrogate_is_repaired_however_it_was_sealed(stored: bytes) -> None:
    opened = vault.new()
    assert opened.open_json(opened.seal(stored, "x"), "x") == {"title": "\ufffd"}
    assert opened.open(opened.seal_json({"title": "\ud800"}, "x"), "x") == '{"title": "\ufffd"}'.encode()


@pytest.mark.parametrize("stored", [b"", b"{", b"\xff", b"[" * 100_000])
def test_json_that_cannot_be_read_is_as_damaged_as_a_piece_that_does_not_open(stored: bytes) -> None:
    opened = vault.new()
    with pytest.raises(errors.Unopenable):
        opened.open_json(opened.seal(stored, "x"), "x")


def test_sealed_twice_looks_different_twice() -> None:
    opened = vault.new()
    assert opened.seal(b"same", "x") != opened.seal(b"same", "x")


@pytest.mark.parametrize("place", [0, 1, 5, 13, 20, -1])
def test_one_changed_bit_and_it_stays_shut(place: int) -> None:
    opened = vault.new()
    damaged = bytearray(opened.seal(b"a line", "entry 1"))
    damaged[place] ^= 1
    with pytest.raises(errors.Unopenable):
        opened.open(bytes(damaged), "entry 1")


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" + b"0" * 12, b"\x02" + b"0" * 40])
def test_rubbish_stays_shut(sealed: bytes) -> None:
    with pytest.raises(errors.Unopenable):
        vault.new().open(sealed, "entry 1")


def without_padding(key: bytes, plain: bytes, about: str) -> bytes:
    """As contents were sealed before they were padded."""
    nonce = os.urandom(12)
    return b"\x01" + nonce + AESGCM(key).encrypt(nonce, plain, about.encode())


def test_what_was_sealed_without_padding_opens() -> None:
    key = b"k" * vault.KEY_BYTES
    for plain in (b"", b"a line", b"0" * 5000):
        sealed = without_padding(key, plain, "entry 1")
        assert Vault(key).open(sealed, "entry 1") == plain
        assert len(sealed) == vault.sealed_lengths(len(plain))[1]


def test_the_length_of_a_note_does_not_show() -> None:
    opened = vault.new()
    assert len({len(opened.seal(b"0" * length, "x")) for length in range(249)}) == 1
    for length in (0, 248, 249, 8000, 8184, 8185, 100_000, 1_000_000):
        sealed = len(opened.seal(b"0" * length, "x"))
        assert sealed == vault.sealed_lengths(length)[0]
        assert length < sealed - 29 <= max(length + 8 + 255, 1.0625 * (length + 8))
    assert len({len(opened.seal(b"0" * length, "x")) for length in range(0, 100_000, 10)}) < 120


def test_sealed_content_does_not_open_as_if_sealed_the_other_way() -> None:
    """Otherwise a note would appear with its padding, or cut short."""
    key = b"k" * vault.KEY_BYTES
    for sealed, other in ((Vault(key).seal(b"a line", "x"), b"\x01"), (without_padding(key, bytes(40), "x"), b"\x02")):
        with pytest.raises(errors.Unopenable):
            Vault(key).open(other + sealed[1:], "x")


def test_a_length_beyond_the_content_stays_shut() -> None:
    key, nonce = b"k" * vault.KEY_BYTES, bytes(12)
    sealed = AESGCM(key).encrypt(nonce, (249).to_bytes(8) + bytes(248), b"\x02x")
    with pytest.raises(errors.Unopenable):
        Vault(key).open(b"\x02" + nonce + sealed, "x")


def test_a_piece_moved_to_another_entry_or_account_stays_shut() -> None:
    opened = vault.new()
    with pytest.raises(errors.Unopenable):
        opened.open(opened.seal(b"a line", "entry 1"), "entry 2")
    with pytest.raises(errors.Unopenable):
        vault.new().open(opened.seal(b"a line", "entry 1"), "entry 1")
    key = b"k" * vault.KEY_BYTES
    with pytest.raises(errors.Unopenable):
        vault.unwrap(opened.wrap_for(key, "account 1"), key, "account 2")


def test_a_wrapped_key_opens_what_was_sealed() -> None:
    opened, key = vault.new(), vault.key_from_token("token")
    again = vault.unwrap(opened.wrap_for(key, "account"), key, "account")
    assert again.open(opened.seal(b"a line", "x"), "x") == b"a line"
    with pytest.raises(errors.Unopenable):
        vault.unwrap(opened.wrap_for(key, "account"), vault.key_from_token("Token"), "account")


def test_a_vault_never_shows_its_key() -> None:
    key = b"K" * vault.KEY_BYTES
    assert "K" not in repr(Vault(key))
    assert "K" not in str(Vault(key))


def test_recovery_codes_survive_handwriting() -> None:
    code = vault.new_recovery_code()
    assert len(code.replace("-", "")) == 25
    assert len({vault.new_recovery_code() for _ in range(100)}) == 100
    sloppy = " " + code.lower().replace("-", "  ").replace("0", "o").replace("1", "i") + "\n"
    assert vault.key_from_recovery_code(sloppy) == vault.key_from_recovery_code(code)
