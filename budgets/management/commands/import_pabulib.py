"""Makes a counted budget of a published `.pb` file, and says whether the site chooses what the file says."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.kinds import Role
from accounts.models import Organisation, User
from budgets.allocation.pabulib import PbError, PbFile, read
from budgets.counting import differences
from budgets.importing.pabulib import Imported, load
from budgets.kinds import Rule
from budgets.models import Budget
from common.verdicts import Refused
from processes.kinds import process_path

WRONG_USE = 2


class Command(BaseCommand):
    """`import_pabulib FILE.pb --body SLUG`. Exit code 2 and one line on standard error for a bad file."""

    help = "Make a counted budget of a public body from a published vote in Pabulib's format (.pb)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        codes = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("file", type=Path, help="a vote in Pabulib's format (.pb)")
        parser.add_argument("--body", required=True, help="short name of the public body")
        parser.add_argument("--language", default=codes[0], choices=codes)
        parser.add_argument("--slug", default="", help="name in the address")
        parser.add_argument(
            "--rule",
            default="",
            choices=["", *Rule.values],
            help="the rule that decides; default: what the file says, else most votes first",
        )

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            pb = read(file.read_bytes())
            found = load(
                _owner(options["body"]),
                organisation=Organisation.objects.get(slug=options["body"]),
                file=pb,
                name=file.name,
                language=options["language"],
                rule=options["rule"],
                slug=options["slug"],
                say=self.stdout.write,
            )
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}", returncode=WRONG_USE) from error
        except PbError as error:
            raise CommandError(f"{file}: {error}", returncode=WRONG_USE) from error
        except Refused as refused:
            raise CommandError(str(refused.verdict.message), returncode=WRONG_USE) from refused
        self._report(found, pb)

    def _report(self, found: Imported, pb: PbFile) -> None:
        budget = Budget.objects.select_related("process", "poll").get(pk=found.budget.pk)
        chosen = budget.projects.filter(chosen_at__isnull=False)
        total = sum(project.cost or 0 for project in chosen)
        self.stdout.write(
            f"{found.ballots} ballots, {len(chosen)} projects chosen for {total} by {budget.rule}"
        )
        if differs := differences(budget):
            raise CommandError(f"Counted again it differs: {'; '.join(differs)}", returncode=1)
        self.stdout.write("Counted again: the same.")
        if said := _selected(pb, found):
            same = said == {project.key for project in chosen}
            self.stdout.write(
                f"What the file says was chosen: {'the same' if same else 'not the same'}."
            )
        self.stdout.write(f"Address: /{budget.process.languages[0]}{process_path(budget.process)}")


def _owner(body: str) -> User:
    owners = User.objects.filter(
        memberships__organisation__slug=body, memberships__role=Role.OWNER, closed_at__isnull=True
    )
    owner = owners.order_by("pk").first()
    if owner is None:
        raise CommandError(f'There is no public body "{body}" with an owner.', returncode=WRONG_USE)
    return owner


def _selected(pb: PbFile, found: Imported) -> set[str]:
    """The keys of what the file says was chosen."""
    columns = (pb.projects.column(name) for name in ("project_id", "selected"))
    return {
        found.keys[key] for key, chosen in zip(*columns, strict=True) if chosen in ("1", "true")
    }
