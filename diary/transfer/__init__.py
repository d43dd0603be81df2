"""Exports a diary and imports it again, from Haru's own files or from those of other diaries.

`export` writes Haru's own format and `table` a spreadsheet. `detect` finds the format of a file and has `haru`,
`daylio` or `pixels` parse it. `moods` suggests one of the seven moods for each mood of another diary. `importing`
plans an import and runs it.
"""
