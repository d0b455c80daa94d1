"""A demonstration: a town that does not exist, with consultations and polls at different moments, and
five accounts."""

from dataclasses import dataclass

TOWN = "verlune"
DOMAIN = f"{TOWN}.example"  # reserved: nobody's, ever (RFC 2606)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody whom a visitor may sign in as. `key` is what the texts call the person."""

    key: str
    email: str
    password: str
    role: str
    name: str
    language: str

    def __str__(self) -> str:
        return f"{self.email} {self.password} {self.role}"


def accounts() -> list[Account]:
    """The demonstration accounts, in the order in which they are shown."""
    rows = [
        ("citizen", "citizen", "Alma Verlaine", "en"),
        ("second", "citizen", "Théo Marchand-Gris", "fr"),
        ("official", "official", "Streets office of Verlune", "en"),
        ("moderator", "moderator", "Moderation of Verlune", "en"),
        ("administrator", "administrator", "Administrator", "en"),
    ]
    return [
        Account(key, f"{key}@{DOMAIN}", f"lantern-river-{key}", role, name, language)
        for key, role, name, language in rows
    ]
