"""Count again, in whatever database the environment names: `python -m tests.faults.count SUBJECT`."""

import json
import sys

import django


def main(subject_id: int) -> dict[str, object]:
    from deliberation.models import Comment, Position
    from processes.models import Entry, Subject
    from tests.counts import assert_counts_hold

    subject = Subject.objects.select_related("process").get(pk=subject_id)
    assert_counts_hold(subject.process)
    return {
        "counters": [subject.agree_count, subject.mixed_count, subject.disagree_count],
        "rows": Position.objects.filter(subject=subject, value__isnull=False).count(),
        "bodies": sorted(Comment.objects.filter(subject=subject).values_list("body", flat=True)),
        "waiting": Entry.objects.filter(consumed_at__isnull=True).count(),
    }


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(main(int(sys.argv[1]))))
