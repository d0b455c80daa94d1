from django.apps import AppConfig

from consultations.kinds import register


class ConsultationsConfig(AppConfig):
    name = "consultations"

    def ready(self) -> None:
        register()
