"""Pages of the desk of budgets."""
