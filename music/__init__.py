"""Music: measures tracks, places them on the valence/arousal plane, and recommends playlists."""
