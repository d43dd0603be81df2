"""Exports a diary and imports it again, from Haru's own files or from those of other diaries.

`export` writes Haru's own format, `table` and `tracker_csv` spreadsheets. `detect` finds the format of a file and has
`haru`, `daylio`, `pixels` or `tracker_table` parse it. `moods` suggests one of the seven moods for each mood of another
diary. `importing` plans an import, with `tracker_plan` for its trackers, and runs it.
"""
