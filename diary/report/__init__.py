"""Draws a span of days on one page: a PDF for the person or a counsellor, and a picture for sharing.

`spans` names the days, `figures` counts them, `words` and `sentences` say what stands out, `sheet` sets fonts and
writes text, and `drawing`, `lists` and `day_rows` draw the parts. `page` draws the PDF and `card` the picture, in
memory and with only the sections that the person switched on.
"""
