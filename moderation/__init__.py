"""Hiding and restoring public speech, with a reason."""
