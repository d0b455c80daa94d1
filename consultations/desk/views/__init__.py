"""Pages of the desk, in groups that a person would name."""
