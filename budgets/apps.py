from django.apps import AppConfig

from budgets.kinds import register


class BudgetsConfig(AppConfig):
    name = "budgets"

    def ready(self) -> None:
        from budgets import (  # noqa: PLC0415 - models are not loaded before
            audiences,
            ballot,
            built_letters,
            counting,
            letters,
        )
        from budgets.desk import home  # noqa: PLC0415 - as above

        register()
        audiences.register()
        ballot.register()
        counting.register()
        letters.register()
        built_letters.register()
        home.register()
