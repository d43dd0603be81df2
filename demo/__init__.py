"""Haru on a stage: a fictional person's 120 days in a diary that is thrown away at the end (`make demo`)."""
