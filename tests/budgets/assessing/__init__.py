"""Assessing, signing, publishing, and what the public body asks of authors."""
