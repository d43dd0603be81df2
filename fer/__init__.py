"""Facial expression: a picture in, seven calibrated scores of its expression out."""
