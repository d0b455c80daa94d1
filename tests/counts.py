"""Counting again, by the plainest queries there are: what every counter must equal."""

from django.db.models import Q

from deliberation.models import Comment, Position, Source, Support
from processes.models import Participation, Process, Subject

STANDS = Q(hidden_at__isnull=True, withdrawn_at__isnull=True)


def recounted(subject: Subject) -> dict[str, int]:
    """The counters of a subject, counted from rows."""
    positions = Position.objects.filter(subject=subject)
    comments = Comment.objects.filter(STANDS, subject=subject)
    children = Subject.objects.filter(STANDS, parent=subject)
    return {
        "agree_count": positions.filter(value="agree").count(),
        "mixed_count": positions.filter(value="mixed").count(),
        "disagree_count": positions.filter(value="disagree").count(),
        "comment_count": comments.count(),
        "for_count": comments.filter(depth=0, stance="for").count(),
        "against_count": comments.filter(depth=0, stance="against").count(),
        "source_count": Source.objects.filter(STANDS, subject=subject).count(),
        "amendment_count": children.filter(kind="amendment").count(),
        "new_article_count": children.filter(kind="new_article").count(),
    }


def recounted_process(process: Process) -> dict[str, int]:
    """The counters of a process, counted from rows."""
    of_process = Q(subject__process=process)
    contributions = (
        Subject.objects.filter(
            STANDS, process=process, kind__in=["amendment", "new_article"]
        ).count()
        + Comment.objects.filter(STANDS & of_process).count()
        + Source.objects.filter(STANDS & of_process).count()
    )
    return {
        "participant_count": Participation.objects.filter(process=process).count(),
        "contribution_count": contributions,
        "position_count": Position.objects.filter(of_process, value__isnull=False).count(),
    }


def assert_counts_hold(process: Process) -> None:
    """Every counter of the process, its subjects and comments equals the rows."""
    for subject in Subject.objects.filter(process=process):
        counted = recounted(subject)
        assert {name: getattr(subject, name) for name in counted} == counted, subject
    fresh = Process.objects.get(pk=process.pk)
    counted = recounted_process(fresh)
    assert {name: getattr(fresh, name) for name in counted} == counted
    for comment in Comment.objects.filter(subject__process=process):
        supports = Support.objects.filter(comment=comment, ended_at__isnull=True)
        assert comment.support_count == supports.count()
        assert comment.reply_count == Comment.objects.filter(parent=comment).count()
