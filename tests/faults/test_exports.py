"""A real process that makes a file of answers and is killed in the middle; another finishes it."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models.functions import Now

from accounts.models import Organisation, User
from config import processes
from config.embedded import ROOT
from tests.plugins.live import current_addresses
from tests.voting.filled import counted_survey, many_answers
from voting.actions.exports import start_export
from voting.models import Ballot, Export
from voting.results import exports
from voting.tasks import sweep_exports

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

ANSWERS = 600
PATIENCE = 60.0  # seconds
# Small parts and a pause after each, so that the end does not come before the signal.
PROGRAM = """
import sys, time, django
django.setup()
from voting.results import exports
exports.CHUNK = 20
keep = exports._keep
def slowly(path, rows):
    keep(path, rows)
    time.sleep(0.05)
exports._keep = slowly
exports.run(int(sys.argv[1]))
"""


def test_a_file_whose_maker_was_killed_by_the_system_is_finished_and_whole(
    bob: User, organisation: Organisation, settings, short_path: Path
) -> None:
    settings.MEDIA_ROOT = short_path / "media"
    poll = counted_survey(bob, organisation, many_answers(ANSWERS), secrecy="named")
    export = start_export(bob, poll=poll, format="jsonl", language="en")
    variables = processes.environment(
        current_addresses(),
        short_path / "maker",
        KENES_TESTING="true",
        KENES_MEDIA_ROOT=str(settings.MEDIA_ROOT),
    )
    maker = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(export.pk)], cwd=ROOT, env=dict(variables)
    )
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        export.refresh_from_db()
        if export.done_count >= 100 or maker.poll() is not None:
            break
        time.sleep(0.02)
    os.kill(maker.pid, signal.SIGKILL)
    assert maker.wait() == -signal.SIGKILL
    export.refresh_from_db()
    assert 100 <= export.done_count < ANSWERS
    assert export.finished_at is None
    assert sweep_exports() == 0, "it may still be alive"
    Export.objects.update(claimed_at=Now() - timedelta(minutes=5))
    assert sweep_exports() == 1
    export.refresh_from_db()
    assert export.finished_at
    lines = exports.file_of(export).read_text().splitlines()
    assert len(lines) == export.done_count == export.total_count == ANSWERS
    given = [str(a["trust"]["option"]) for a in Ballot.objects.values_list("answers", flat=True)]
    words = {"yes": "Yes", "no": "No", "abstain": "I abstain"}
    assert sorted(json.loads(line)["trust"] for line in lines) == sorted(words[o] for o in given)
