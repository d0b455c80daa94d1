"""What people say about a subject: positions, comments, sources."""
