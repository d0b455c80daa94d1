"""Measures speed on real servers: `make bench`. See README.md."""
