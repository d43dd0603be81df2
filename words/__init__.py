"""Emotion recognition from text: a note in, seven calibrated scores out.

A reading describes the text only: the writer chose the words, and they need not be what the writer feels.
"""
