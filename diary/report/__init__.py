"""Draws a month of the diary: a PDF page for the person or a counsellor, and a picture for sharing.

`figures` counts, `sheet` sets fonts and writes text, `drawing` draws the parts that both share. `page` draws the PDF
and `card` the picture, in memory and with only the sections that the person switched on.
"""
