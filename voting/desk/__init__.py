"""The desk of polls: pages for the people of a public body."""
