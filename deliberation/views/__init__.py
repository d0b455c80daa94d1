"""What a participant does to a subject, as pages and as parts of pages."""
