"""Notices and letters. Knows journal entries and subjects, no domain app."""
