"""Draws a month of the diary: a PDF page for the person or a counsellor, and a picture for sharing.

`figures` counts, `sheet` is the paper with its fonts, `drawing` has what both show, and `page` and `card` draw. All of
it happens in memory, and shows only the sections that the person switched on.
"""
