"""The made-up voices and the fake model of tests/ser."""

from tests.ser.conftest import fake_member, voice

__all__ = ["fake_member", "voice"]
