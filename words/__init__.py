"""A written line in, seven calibrated scores out: the third twin of `ser` and `fer`.

Words are what a person chose to show, not what they feel: a reading speaks of the writing only.
"""
