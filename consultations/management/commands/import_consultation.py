"""Loads the consultation of 2015 on the Digital Republic bill from its published files."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from consultations.importing import files, report
from consultations.importing.held import ImportProblem
from consultations.importing.load import PARTICIPANTS, load, open_now
from consultations.importing.progress import Progress
from processes.kinds import process_path

SLUG = "republique-numerique"


class Command(BaseCommand):
    help = (
        "Load a published consultation from a folder with propositions.jsonl, "
        "article9_amendments.jsonl and article9_votes.csv. Repeating it doubles nothing."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--slug", default=SLUG, help=f"name in the address ({SLUG})")
        parser.add_argument(
            "--participants",
            type=int,
            default=PARTICIPANTS,
            metavar="NUMBER",
            help=f"people to make, known ones included ({PARTICIPANTS:,})",
        )
        parser.add_argument(
            "--open", action="store_true", help="let people take part from today on, to try it"
        )

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        progress = Progress(self.stdout)  # type: ignore[arg-type]
        try:
            with progress.step("Reading", 1):
                bundle = files.read(folder)
            loaded = load(
                bundle,
                slug=options["slug"],
                progress=progress,
                participants=options["participants"],
            )
        except ImportProblem as problem:
            raise CommandError(str(problem), returncode=2) from problem
        if options["open"]:
            open_now(loaded.process)
        lines = report.compare(bundle, loaded)
        self.stdout.write("")
        for text in report.table(lines):
            self.stdout.write(text)
        process = loaded.process
        process.refresh_from_db()
        self.stdout.write(
            f"\nOn the site: {process.participant_count:,} participants, "
            f"{process.contribution_count:,} contributions, {process.position_count:,} positions."
        )
        self.stdout.write(f"Address: /fr{process_path(process)}")
        if not all(line.is_equal for line in lines):
            raise CommandError("What was loaded differs from the files.", returncode=1)
