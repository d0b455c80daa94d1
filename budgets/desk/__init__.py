"""The desk of budgets: what the public body and its assessors work with."""
