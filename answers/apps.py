from django.apps import AppConfig


class AnswersConfig(AppConfig):
    name = "answers"

    def ready(self) -> None:
        from answers.outcomes import register  # noqa: PLC0415 - models are not loaded before

        register()
