"""Budgets, projects and assessments as the API takes and shows them."""
