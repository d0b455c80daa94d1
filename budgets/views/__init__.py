"""Pages for everyone who proposes and reads."""
