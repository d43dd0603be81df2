"""Data sets as they are published: a reader each, from names and tables to labelled examples. Nothing is decoded."""
