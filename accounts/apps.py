"""People, organisations, roles, areas and verification."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        """Import each app's `provides`: what it adds to the registries of apps below it."""
        autodiscover_modules("provides")
