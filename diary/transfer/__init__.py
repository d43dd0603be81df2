"""Taking one's diary along, and bringing it back.

Out: `whole` is everything in Haru's own format, `table` is a spreadsheet. In: `files` finds out what a file is,
`haru`, `daylio` and `pixels` read it, `moods` suggests what its moods could be called here, and `bringing` says what
would happen and then does it, all of it or nothing.
"""
