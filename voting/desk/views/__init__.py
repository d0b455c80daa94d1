"""Pages of the desk about polls."""
