"""The pieces that the pages are put together from. They draw; what they draw is decided in diary/."""
