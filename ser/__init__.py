"""Speech emotion: a clip in, seven calibrated scores of its expression out."""
