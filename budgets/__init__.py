"""Participatory budgets: projects, assessment, allocation. No rows yet."""
