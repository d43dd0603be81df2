"""The version of Haru. pyproject.toml reads it here, and tests/test_release.py compares it with CHANGELOG.md."""

VERSION = "1.0.0"
