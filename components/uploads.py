"""The largest file of each uploader, in megabytes.

The server has one limit for all (.streamlit/config.toml), and so has the proxy (deploy/Caddyfile): tests compare both
with these. A file stays in the server's memory as long as its page shows it.
"""

from __future__ import annotations

from diary.transfer import detect
from diary.transfer.archive import MEGABYTE

MEDIA = 50
"""A recording or a picture of an entry."""
DIARY = detect.LARGEST_OF_OTHERS // MEGABYTE
"""An export of another diary or of a health app; Haru's own has a lower limit (detect.py)."""
MEMOS = 200
"""All voice memos that a person reviews at once."""
MUSIC = 200
"""A mix of three hours at 128 kbit/s is 172 MB."""
SERVER = max(MEDIA, DIARY, MUSIC) + 1
"""A file arrives inside a form, which counts towards the server's limit."""
