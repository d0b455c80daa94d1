"""The people of an imported consultation. Files know them by numbers only; no addresses, no names.

All are `generated_at` people: nobody signs in as one of them and nothing is sent to them. Three
kinds: who wrote (known by key), who voted on amendments (known by number), and the others, of
whom only their number is known.
"""

from collections.abc import Sequence

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import User
from consultations.importing.held import Bundle, ImportProblem
from consultations.importing.progress import Progress

BATCH = 2000


def address(slug: str, key: str) -> str:
    """An address under .invalid, which can never be anybody's (RFC 2606)."""
    return f"{key}@{slug}.invalid"


def voter_key(number: int) -> str:
    return f"voter-{number}"


def known_keys(bundle: Bundle) -> list[str]:
    """Keys of everyone whom the files tell apart: authors, then voters and authors of amendments."""
    numbers = {vote.voter for vote in bundle.votes}
    numbers |= {row.author for row in bundle.amendments if row.author is not None}
    return [*bundle.authors, *map(voter_key, sorted(numbers))]


def other_keys(bundle: Bundle, participants: int) -> list[str]:
    """Keys of the others, so that all together are `participants`, the government not counted.

    More if one article has more positions, or one argument more support, than there are people;
    fewer if there are not so many positions that each can have one.
    """
    known = len(known_keys(bundle)) - 1
    most = max(
        [item.totals.all for item in bundle.items]
        + [argument.supports + 1 for item in bundle.items for argument in item.arguments]
    )
    positions = sum(item.totals.all for item in bundle.items)
    number = max(min(participants - known, positions), most - known, 0)
    return [f"participant-{n}" for n in range(1, number + 1)]


def load(slug: str, bundle: Bundle, participants: int, progress: Progress) -> "People":
    """Make the people who are missing; find all."""
    known, others = known_keys(bundle), other_keys(bundle, participants)
    keys = [*known, *others]
    with progress.step("People", len(keys)) as advance:
        present = _ids(slug)
        now = timezone.now()
        password = make_password(None)
        missing = [
            User(
                email=address(slug, key),
                name=_name(key, number, bundle),
                language="fr",
                password=password,
                joined_at=bundle.articles[0].created_at,
                generated_at=now,
            )
            for number, key in enumerate(keys)
            if key not in present
        ]
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            User.objects.bulk_create(batch)
            advance(len(batch))
        ids = _ids(slug)
    if any(key not in ids for key in keys):
        raise ImportProblem("Some of the generated addresses belong to somebody already.")
    return People(ids, known, others, bundle.official_author)


def _ids(slug: str) -> dict[str, int]:
    """{key: id} of the generated people of this import."""
    suffix = address(slug, "")
    found = User.objects.filter(email__endswith=suffix, generated_at__isnull=False)
    return {email.removesuffix(suffix): pk for email, pk in found.values_list("email", "pk")}


def _name(key: str, number: int, bundle: Bundle) -> str:
    return "Gouvernement français" if key == bundle.official_author else f"Participant {number}"


class People:
    """Ids by key. `known` and `others` are ids of participants, in a fixed order."""

    def __init__(
        self, ids: dict[str, int], known: Sequence[str], others: Sequence[str], official: str
    ) -> None:
        self._ids = ids
        self.official = ids[official]
        self.known = [ids[key] for key in known if key != official]
        self.others = [ids[key] for key in others]

    def author(self, key: str) -> int:
        return self._ids[key]

    def voter(self, number: int | None) -> int:
        """The person with that number in the votes; None is the government."""
        return self.official if number is None else self._ids[voter_key(number)]
