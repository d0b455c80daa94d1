from django.apps import AppConfig

from moderation.kinds import register


class ModerationConfig(AppConfig):
    name = "moderation"

    def ready(self) -> None:
        register()
