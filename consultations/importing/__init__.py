"""A consultation that was held elsewhere is read from files and loaded, whole, in one transaction."""
