"""Pages for everyone who answers and reads."""
