from django.apps import AppConfig

from budgets.kinds import register


class BudgetsConfig(AppConfig):
    name = "budgets"

    def ready(self) -> None:
        register()
