from django.apps import AppConfig

from budgets.kinds import register


class BudgetsConfig(AppConfig):
    name = "budgets"

    def ready(self) -> None:
        from budgets import audiences, ballot, counting, letters  # noqa: PLC0415 - models are not loaded before

        register()
        audiences.register()
        ballot.register()
        counting.register()
        letters.register()
