"""Counts all rows again and compares with the counters."""

import argparse
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from opendata import recount
from processes.models import Process

SHOWN = 20  # wrong counters listed one by one


class Command(BaseCommand):
    help = (
        "Recount every counter from its rows and repair what differs (with --check: only report)."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit with 1 if anything differs"
        )
        parser.add_argument("--process", metavar="SLUG", help="only this process")

    def handle(self, *args: Any, check: bool, process: str | None, **options: Any) -> None:
        process_id = self._process_id(process) if process else None
        finding = recount.check(process_id)
        self._report(finding)
        if finding.is_clean:
            self.stdout.write("Every counter equals a recount from its rows.")
            return
        if not check:
            recount.repair(process_id)
            finding = recount.check(process_id)
            if finding.is_clean:
                self.stdout.write("Repaired: every counter equals a recount from its rows.")
                return
        raise CommandError("Counters and rows differ.", returncode=1)

    def _process_id(self, slug: str) -> int:
        found = Process.objects.filter(slug=slug).values_list("pk", flat=True).first()
        if found is None:
            raise CommandError(f"There is no process “{slug}”.", returncode=2)
        return found

    def _report(self, finding: recount.Finding) -> None:
        by_counter = Counter((d.table, d.counter) for d in finding.drifts)
        for (table, counter), number in sorted(by_counter.items()):
            self.stdout.write(f"{table}.{counter}: wrong on {number} rows")
        for d in finding.drifts[:SHOWN]:
            self.stdout.write(
                f"  {d.table} {d.row_id}: {d.counter} is {d.stored}, rows say {d.counted}"
            )
        if len(finding.drifts) > SHOWN:
            self.stdout.write(f"  and {len(finding.drifts) - SHOWN} more")
        if finding.missing:
            self.stdout.write(f"participants not entered as such: {len(finding.missing)}")
        if finding.orphans:
            numbers = ", ".join(map(str, finding.orphans[:SHOWN]))
            self.stdout.write(
                f"subjects that stand for nothing: {len(finding.orphans)} ({numbers})"
            )
