"""The demo: a fictional person's diary of 120 days in a temporary folder (`make demo`)."""
