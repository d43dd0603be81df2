"""Migrations of the database: numbered steps, applied in order, in a folder for each release.

A new step is a file with the next number in the folder of the coming release, and a line in the list of that folder.
A released step is never edited.
"""

from diary.migrations import v1_0
from diary.migrations.registry import ERASE, migrations
