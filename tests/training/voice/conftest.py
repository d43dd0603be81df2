"""The made-up voices and the fake model of tests/ser."""

from tests.ser.conftest import fake_ear, voice

__all__ = ["fake_ear", "voice"]
