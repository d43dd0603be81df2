"""Music for the mood: what a track sounds like, where it lies on the plane of moods, and what to play next."""
