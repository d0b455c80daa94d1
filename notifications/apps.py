from django.apps import AppConfig

from notifications.kinds import register


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        register()
