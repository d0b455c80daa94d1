"""`python -m benchmarks.counted POLL`: close and count one poll, then write all answers into a file; says
how long it took and what memory."""

import sys
import time

import django


def main(poll_id: int) -> str:
    from benchmarks.ballots import peak
    from voting.models import Export, Poll
    from voting.results.exports import file_of, run
    from voting.tasks import run_clock

    before, started = peak(), time.perf_counter()
    run_clock()
    poll = Poll.objects.get(pk=poll_id)
    if poll.counted_at is None:
        raise SystemExit("The poll was not counted.")
    counted, seconds = peak(), time.perf_counter() - started
    export = Export.objects.create(poll=poll, format="csv", languages=["en"], path="bench.csv")
    started = time.perf_counter()
    run(export.pk)
    export.refresh_from_db()
    if export.finished_at is None:
        raise SystemExit(f"The file was not made: {export.error}")
    size = file_of(export).stat().st_size / 1e6
    return (
        f"Closing and counting took {seconds:.1f} s and {counted} MiB at most ({before} before); "
        f"{poll.outcomes.count()} outcomes.\nWriting {export.done_count:,} answers into a file of "
        f"{size:.0f} MB took {time.perf_counter() - started:.1f} s and {peak()} MiB at most (< 200)."
    )


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(main(int(sys.argv[1])))
