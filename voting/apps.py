from django.apps import AppConfig

from voting.kinds import register


class VotingConfig(AppConfig):
    name = "voting"

    def ready(self) -> None:
        from voting import letters, outcomes  # noqa: PLC0415 - models are not loaded before

        register()
        letters.register()
        outcomes.register()
