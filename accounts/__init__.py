"""People, organisations, roles, areas and verification."""
