"""People who use the site while it is measured, signed in already, and what they look at."""

from dataclasses import dataclass
from importlib import import_module

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from accounts.models import User
from deliberation.models import Comment
from processes.models import Process, Subject

FORM_TOKEN = "benchmark0benchmark0benchmark000"  # 32 characters, as Django's own


@dataclass(frozen=True, slots=True)
class Person:
    """A signed-in participant: the cookies of the browser."""

    pk: int
    cookie: str


def sign_in(number: int) -> list[Person]:
    """So many participants with a session each; made if they are not there."""
    found = []
    for index in range(number):
        user, is_new = User.objects.get_or_create(
            email=f"reader-{index}@kenes.invalid", defaults={"name": f"Reader {index}"}
        )
        if is_new:
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        found.append(Person(user.pk, _cookie(user)))
    return found


def _cookie(user: User) -> str:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    names = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
    return f"{names[0]}={session.session_key}; {names[1]}={FORM_TOKEN}"


@dataclass(frozen=True, slots=True)
class Places:
    """What is read and written: the process, its most discussed article, one of its proposals."""

    slug: str
    article: int
    proposal: int
    comments: int


def places(process: Process) -> Places:
    """The article with the most comments has more than twenty in any data worth measuring."""
    subjects = Subject.objects.filter(process=process)
    article = subjects.filter(kind="section").order_by("-comment_count", "pk")[:1].get()
    proposal = subjects.filter(kind="new_article").order_by("-comment_count", "pk")[:1].get()
    return Places(
        process.slug, article.pk, proposal.pk, Comment.objects.filter(subject=article).count()
    )
