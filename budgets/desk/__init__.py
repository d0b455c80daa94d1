"""The public body's pages about a budget."""
