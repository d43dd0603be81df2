"""Prints the READMEs' configuration table: `python -m settings en` or `ko`."""

from __future__ import annotations

import sys

from settings.readme_table import table

print(table(sys.argv[1] if len(sys.argv) > 1 else "en"))
