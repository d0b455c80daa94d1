"""A small demonstration: a fictional municipality and its people."""
