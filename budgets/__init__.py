"""Participatory budgets: projects, assessment, allocation, and what was built."""
