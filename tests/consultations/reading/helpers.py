"""What tests of pages that everyone reads do again and again."""

from accounts.models import User
from consultations.models import Proposal
from processes.kinds import SubjectKind
from processes.models import Subject
from tests.scenario import World

IDENTITY = {"session": 'FROM "django_session"', "person": 'FROM "accounts_user"'}
PAGES = ("", "draft/", "proposals/", "answers/", "results/", "activity/", "feed/")
FRAME = {"consultation": 'FROM "consultations_consultation"'}
PROMISE = {"promise": 'FROM "answers_promise"', "kept": 'COUNT("answers_obligation"."id")'}


def address(world: World, path: str = "", language: str = "en") -> str:
    return f"/{language}/consultations/{world.process.slug}/{path}"


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def many_proposals(world: World, author: User, number: int) -> None:
    """Amendments of the first article, each with one more in favour than the one before."""
    wording = world.wording(1)
    subjects = Subject.objects.bulk_create(
        Subject(
            process=world.process,
            kind=SubjectKind.AMENDMENT,
            parent=world.article,
            author=author,
            title=f"Amendment number {n}",
            agree_count=n,
            disagree_count=number - n,
            comment_count=n % 7,
        )
        for n in range(number)
    )
    Proposal.objects.bulk_create(
        Proposal(
            consultation=world.consultation,
            subject=subject,
            kind="amendment",
            section=world.section(1),
            wording=wording,
            body=subject.title,
            body_html=subject.title,
        )
        for subject in subjects
    )


def titles(response) -> list[str]:
    return [line.split("</a></h3>")[0].rsplit(">", 1)[1] for line in response.context["lines"]]
