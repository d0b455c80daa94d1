"""Pages of budgets, below budgets/."""

from typing import Any

app_name = "budgets"
urlpatterns: list[Any] = []
