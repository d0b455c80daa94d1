"""Budgets that were voted on elsewhere, from published files."""
