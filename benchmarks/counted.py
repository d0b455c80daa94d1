"""`python -m benchmarks.counted POLL`: close and count one poll; says what memory it took."""

import sys

import django


def main(poll_id: int) -> str:
    from benchmarks.ballots import peak
    from voting.models import Poll
    from voting.tasks import run_clock

    before = peak()
    run_clock()
    poll = Poll.objects.get(pk=poll_id)
    if poll.counted_at is None:
        raise SystemExit("The poll was not counted.")
    return f"{peak()} MiB at most ({before} before), {poll.outcomes.count()} outcomes."


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(main(int(sys.argv[1])))
