"""The demonstration with everything that people can have begun: what a crawl of the site starts from.

Beside what the demonstration holds, each person has something of their own to edit and withdraw, a
next version is being written, something is hidden, and a consultation waits for its results.
"""

import io
from typing import Any

from django.core.management import call_command
from django.test import override_settings

from accounts.actions import create_token
from accounts.models import User
from consultations.actions import propose_amendment, propose_new_article
from consultations.actions.drafts import begin_version
from consultations.models import Consultation, Wording
from deliberation.actions import add_source, post_comment, take_position
from demo import accounts
from moderation.actions import hide
from notifications import tokens
from processes.actions import close
from processes.models import Process, Subject
from processes.tasks import deliver_entries
from tests import scenario

OPEN = "streets-and-squares"


def people() -> dict[str, User]:
    """Whoever can sign in, by the role in the demonstration; the second citizen is "second"."""
    return {account.key: User.objects.get(email=account.email) for account in accounts()}


def load() -> dict[str, User]:
    """Fill the database; returns people()."""
    with override_settings(DEMO=True):
        call_command("load_demo", stdout=io.StringIO())
    cast = people()
    consultation = Consultation.objects.get(process__slug=OPEN)
    articles = Subject.objects.filter(process=consultation.process, kind="section").order_by("pk")
    article = next(row for row in articles if Wording.objects.filter(section__subject=row).exists())
    for key in ("citizen", "second", "moderator", "official"):
        _take_part(cast[key], consultation.process, article)
    begin_version(cast["official"], consultation=consultation)
    _hide(cast, article)
    _await_results(cast["official"], consultation.process)
    deliver_entries()
    return cast


def _take_part(person: User, process: Process, article: Subject) -> None:
    take_position(person, subject_id=article.pk, value="mixed")
    post_comment(person, subject_id=article.pk, body=f"{person} thinks so.", stance="for")
    add_source(
        person,
        subject_id=article.pk,
        title="A study",
        url=f"https://example.org/{person.pk}",
        category="study",
    )
    wording = Wording.objects.filter(section__subject=article).select_related("section").first()
    assert wording is not None
    propose_amendment(
        person, section_id=wording.section_id, body=f"{wording.body} {person}.", reason="Clearer."
    )
    propose_new_article(
        person, consultation=process.slug, title=f"By {person}", body="There is light.", reason=""
    )
    create_token(person, name="script")


def _hide(cast: dict[str, User], article: Subject) -> None:
    rude = post_comment(cast["second"], subject_id=article.pk, body="Fools!", stance="against")
    post_comment(
        cast["citizen"], subject_id=article.pk, body="Please.", stance="neutral", parent_id=rude.pk
    )
    hide(cast["moderator"], thing=rude, rule="insult", reason="An insult.")


def _await_results(official: User, process: Process) -> None:
    world = scenario.open_consultation(official, process.organisation, title="Benches")
    post_comment(official, subject_id=world.article.pk, body="We read this.", stance="neutral")
    scenario.end_phases(official, world.process)
    close(official, process=Process.objects.get(pk=world.process.pk))


def mail_link(person: User) -> str:
    """The address in a mail at which the person needs no account."""
    process = Process.objects.get(slug=OPEN)
    return f"/en/mail/{tokens.make(person.pk, process.pk)}/"


def starts(cast: dict[str, User], key: str | None) -> list[str]:
    """Pages that no link leads to, for the person of that key (None: nobody)."""
    article = Subject.objects.filter(process__slug=OPEN, kind="section").order_by("pk").first()
    assert article is not None
    talk = f"/en/subjects/{article.pk}/"
    found: list[Any] = ["/en/", "/en/nowhere/", mail_link(cast["citizen"])]
    found += [f"{talk}comments/", f"{talk}sources/", f"{talk}similar/?q=trees"]
    if key is None:
        found += ["/en/accounts/login/", "/en/accounts/signup/", "/en/accounts/password/reset/"]
    return found
