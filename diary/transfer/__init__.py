"""Exports a diary and imports it again, from Haru's own files or from those of other apps.

`export` writes Haru's own format, `table` and `tracker_csv` spreadsheets, `markdown` a file a day. `detect` finds the
format of a file and has it parsed: by `haru`, `daylio`, `pixels` or `tracker_table`; by `journal`, for the zips of
other diaries (`day_one`, `journey`, `daylio_backup`, `apple_journal`); or by `health`, for the exports of phones
(`apple_health`, `health_connect`). `archive` and `limited_text` read within limits. `moods` suggests one of the seven
moods for each mood of another diary. `importing` plans an import, with `tracker_plan` for its trackers, and runs it.
"""
