"""What every training shares: weights on disk, schedules, metrics, calibration."""
