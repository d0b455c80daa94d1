"""Pages of booths."""
