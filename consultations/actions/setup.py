"""A consultation is created, described and published."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Area, Organisation
from common.html import clean_text, render_markdown
from common.verdicts import Refused, no, require
from consultations.actions.text import forget_unused
from consultations.actions.versions import make_public
from consultations.models import Consultation, Wording
from consultations.permissions import may_write_draft
from processes import actions as processes
from processes.kinds import ProcessKind
from processes.models import Process, Topic
from processes.permissions import may_publish


@transaction.atomic
def create_consultation(
    actor: Any,
    *,
    organisation: Organisation,
    title: dict[str, str],
    summary: dict[str, str],
    languages: Sequence[str],
    about: dict[str, str] | None = None,
    area: Area | None = None,
    topics: Sequence[Topic] = (),
    slug: str = "",
) -> Consultation:
    """An unpublished consultation without a text. Texts are given by language."""
    process = processes.create_process(
        actor,
        kind=ProcessKind.CONSULTATION,
        organisation=organisation,
        title=title,
        summary=summary,
        languages=languages,
        area=area,
        topics=topics,
        slug=slug,
    )
    consultation = Consultation.objects.create(process=process)
    return edit_about(actor, consultation=consultation, about=about or {})


@transaction.atomic
def set_languages(
    actor: Any, *, consultation: Consultation, languages: Sequence[str]
) -> Consultation:
    """Say in which languages a consultation that is not published speaks; the first one leads.

    The draft text in a language that is taken out is thrown away. Refused once it is published.
    """
    require(may_write_draft(actor, consultation))
    wanted = list(dict.fromkeys(languages))
    if not wanted or set(wanted) - {code for code, _name in settings.LANGUAGES}:
        raise Refused(no("unknown_language", _("Choose at least one language."), 400))
    consultation = (
        Consultation.objects.select_for_update(of=("self",))
        .select_related("process")
        .get(pk=consultation.pk)
    )
    if consultation.process.published_at is not None:
        message = _("The languages stay as they were when this was published.")
        raise Refused(no("published", message, 409))
    Wording.objects.filter(version__consultation=consultation).exclude(language__in=wanted).delete()
    forget_unused(consultation)
    consultation.process.languages = wanted
    consultation.process.save(update_fields=["languages"])
    return consultation


@transaction.atomic
def edit_about(actor: Any, *, consultation: Consultation, about: dict[str, str]) -> Consultation:
    """What it is about, at length, in Markdown by language."""
    require(may_write_draft(actor, consultation))
    consultation.about = {language: clean_text(text) for language, text in about.items()}
    consultation.about_html = {
        language: render_markdown(text) for language, text in consultation.about.items()
    }
    consultation.save(update_fields=["about", "about_html"])
    return consultation


@transaction.atomic
def publish_consultation(actor: Any, *, consultation: Consultation) -> Process:
    """Make the consultation and the first version of its text public, together."""
    require(may_publish(actor, consultation.process))
    version = consultation.versions.filter(published_at__isnull=True).first()
    if version is None or not version.wordings.exists():
        raise Refused(no("no_text", _("Add the draft text first."), 409))
    make_public(version)
    return processes.publish(actor, process=consultation.process)
