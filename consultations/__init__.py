"""Drafts that people read, argue and rewrite."""
