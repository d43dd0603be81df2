"""Facial expression recognition: a picture in, seven calibrated scores out."""
