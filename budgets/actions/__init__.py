"""Writes, one for each thing that somebody can do."""
