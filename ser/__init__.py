"""Speech emotion recognition: a recording in, seven calibrated scores out."""
