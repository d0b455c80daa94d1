"""Counts a budget again from its ballots and compares the result with what is stored."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from budgets.counting import differences
from budgets.models import Budget


class Command(BaseCommand):
    """`recount_budget SLUG`. Exit code 0 when all agrees, 1 when anything differs, 2 without a count."""

    help = "Count a budget again from its ballots and compare with the stored result."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="short name of the budget")

    def handle(self, *args: Any, slug: str, **options: Any) -> None:
        budget = Budget.objects.select_related("process", "poll").filter(process__slug=slug).first()
        if budget is None:
            raise CommandError(f'There is no budget "{slug}".', returncode=2)
        if budget.poll.counted_at is None:
            raise CommandError("Its votes are not counted yet.", returncode=2)
        found = differences(budget)
        for line in found:
            self.stdout.write(f"DIFFERS: {line}")
        if found:
            raise CommandError("The stored result is not what the ballots say.", returncode=1)
        self.stdout.write("Everything agrees.")
