"""A month on one page: `figures` counts, `sheet` is the paper and its fonts, `page` and `card` are what is drawn on it.

The page is for oneself or a counsellor and is a PDF; the card is a picture for sharing. Both are made in memory, and
show only what the person switched on.
"""
