from django.apps import AppConfig

from voting.kinds import register


class VotingConfig(AppConfig):
    name = "voting"

    def ready(self) -> None:
        register()
