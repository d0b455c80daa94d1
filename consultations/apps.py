from django.apps import AppConfig

from consultations.kinds import register


class ConsultationsConfig(AppConfig):
    name = "consultations"

    def ready(self) -> None:
        from consultations import letters, outcomes  # noqa: PLC0415 - models are not loaded before

        register()
        outcomes.register()
        letters.register()
