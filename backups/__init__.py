"""Backups of the database: made daily by the running server, kept for days, weeks and months, and restored."""
