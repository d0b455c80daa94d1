"""Receipts and the hash tree over published ballots. Pure."""
