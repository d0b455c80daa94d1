"""A poll is created, described, given its rules, copied and published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import Area, Group, Organisation
from common.verdicts import YES, Refused, Verdict, no, require
from common.written import prose_within
from processes import actions as processes
from processes.kinds import Activity, ProcessKind
from processes.models import Topic
from voting.actions.questions import build_questionnaire, problems_of, write_rows
from voting.kinds import (
    ChangePolicy,
    Eligibility,
    OpeningPolicy,
    PollKind,
    ResultsPolicy,
    Secrecy,
    ThresholdBase,
)
from voting.models import Poll, QuestionPage
from voting.permissions import may_edit_poll, may_publish_poll, may_read_desk, may_run_poll

__all__ = [
    "Rules",
    "build_questionnaire",
    "copy_poll",
    "create_poll",
    "declare_rules",
    "describe_poll",
    "publish_poll",
    "rules_of",
    "set_languages",
    "write_consent",
]

Texts = Mapping[str, str]
RESERVED = frozenset({"new", "bodies"})
_DECLARED = (
    "secrecy", "results_policy", "change_policy", "eligibility", "area", "group", "opening_policy",
    "shows_turnout", "quorum", "threshold", "threshold_base", "eligible_count",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rules:
    """What is declared before a poll opens. `quorum` and `threshold` are shares from 0 to 1."""

    secrecy: str = Secrecy.CONFIDENTIAL
    results_policy: str = ResultsPolicy.SEALED
    change_policy: str = ChangePolicy.FINAL
    eligibility: str = Eligibility.CONFIRMED
    area: Area | None = None
    group: Group | None = None
    opening_policy: str = OpeningPolicy.CLOCK
    shows_turnout: bool = True
    quorum: Decimal | None = None
    threshold: Decimal | None = None
    threshold_base: str = ThresholdBase.CAST
    eligible_count: int | None = None


@transaction.atomic
def create_poll(
    actor: Any,
    *,
    organisation: Organisation,
    kind: str,
    title: Texts,
    summary: Texts,
    languages: Sequence[str],
    area: Area | None = None,
    topics: Sequence[Topic] = (),
    about: Texts | None = None,
) -> Poll:
    """An unpublished poll of a public body, with one empty page. Texts are {language: text}."""
    if kind not in PollKind.values:
        raise Refused(no("unknown_kind", _("Choose one of what is offered."), 400))
    process = processes.create_process(
        actor,
        kind=ProcessKind.POLL,
        organisation=organisation,
        title=dict(title),
        summary=dict(summary),
        languages=languages,
        area=area,
        topics=topics,
    )
    if process.slug in RESERVED:  # such an address at the desk leads elsewhere
        process.slug = f"{process.slug}-{process.pk}"
        process.save(update_fields=["slug"])
    texts, html = prose_within(about or {})
    poll = Poll.objects.create(process=process, kind=kind, about=texts, about_html=html)
    QuestionPage.objects.create(poll=poll, key="p1", order=0)
    return poll


@transaction.atomic
def describe_poll(
    actor: Any,
    *,
    poll: Poll,
    kind: str,
    title: Texts,
    summary: Texts,
    about: Texts,
    thanks: Texts,
    area: Area | None,
    topics: Sequence[Topic],
) -> Poll:
    """Change what describes a poll: that is never part of what was declared."""
    require(may_run_poll(actor, poll))
    processes.edit_process(
        actor,
        process=poll.process,
        title=dict(title),
        summary=dict(summary),
        area=area,
        topics=topics,
    )
    poll.kind = kind
    poll.about, poll.about_html = prose_within(about)
    poll.thanks = dict(thanks)
    poll.save(update_fields=["kind", "about", "about_html", "thanks"])
    return poll


@transaction.atomic
def set_languages(actor: Any, *, poll: Poll, languages: Sequence[str]) -> Poll:
    """In which languages it is asked; the first one leads. Refused (409) once it is published.

    What is written in a language that is taken out stays in the rows, and is not asked.
    """
    require(may_publish_poll(actor, _locked(poll)))
    wanted = list(dict.fromkeys(languages))
    if not wanted or set(wanted) - {code for code, _name in settings.LANGUAGES}:
        raise Refused(no("unknown_language", _("Choose at least one language."), 400))
    poll.process.languages = wanted
    poll.process.save(update_fields=["languages"])
    return poll


def rules_of(poll: Poll) -> Rules:
    return Rules(**{name: getattr(poll, name) for name in _DECLARED})


@transaction.atomic
def declare_rules(actor: Any, *, poll: Poll, rules: Rules) -> Poll:
    """Declare who may answer, who sees what, and what counts. Fixed from the opening on."""
    locked = _locked(poll)
    require(may_edit_poll(actor, locked))
    require(_rules_fit(rules, locked))
    for name in _DECLARED:
        setattr(poll, name, getattr(rules, name))
    if rules.eligibility != Eligibility.RESIDENTS:
        poll.area = None
    if rules.eligibility != Eligibility.GROUP:
        poll.group = None
    poll.save(update_fields=list(_DECLARED))
    return poll


@transaction.atomic
def write_consent(actor: Any, *, poll: Poll, consent: Texts) -> Poll:
    """What people agree to before the first question. Fixed from the opening on."""
    require(may_edit_poll(actor, _locked(poll)))
    poll.consent, poll.consent_html = prose_within(consent)
    poll.save(update_fields=["consent", "consent_html"])
    return poll


def _rules_fit(rules: Rules, poll: Poll) -> Verdict:
    """Whether rules agree with one another; each refusal says what to do."""
    for verdict in (_eligibility_fits(rules, poll), _secrecy_fits(rules), _shares_fit(rules)):
        if not verdict:
            return verdict
    return YES


def _eligibility_fits(rules: Rules, poll: Poll) -> Verdict:
    if rules.eligibility == Eligibility.RESIDENTS and rules.area is None:
        message = _("Say of which area the people must be residents.")
        return no("area_missing", message, 400)
    is_ours = (
        rules.group is not None and rules.group.organisation_id == poll.process.organisation_id
    )
    if rules.eligibility == Eligibility.GROUP and not is_ours:
        return no("group_missing", _("Choose a group of your public body."), 400)
    return YES


def _secrecy_fits(rules: Rules) -> Verdict:
    if rules.secrecy == Secrecy.NAMED and rules.eligibility == Eligibility.ANYONE:
        message = _("A named poll must know its people: choose who may answer, with an account.")
        return no("named_needs_accounts", message, 400)
    if rules.secrecy == Secrecy.SECRET and rules.results_policy == ResultsPolicy.LIVE:
        message = _(
            "A secret poll must be sealed: results so far would show what the last voter chose."
        )
        return no("secret_is_sealed", message, 400)
    return YES


def _shares_fit(rules: Rules) -> Verdict:
    shares = [share for share in (rules.quorum, rules.threshold) if share is not None]
    if any(not 0 < share <= 1 for share in shares):
        return no("share_unfit", _("A share lies between 0 and 100 percent."), 400)
    of_all = rules.quorum is not None or (
        rules.threshold is not None and rules.threshold_base == ThresholdBase.ELIGIBLE
    )
    if of_all and not rules.eligible_count:
        message = _("Say how many people may vote: a share of them is asked for.")
        return no("eligible_count_missing", message, 400)
    by_area = rules.threshold is not None and rules.threshold_base == ThresholdBase.AREAS
    if by_area and rules.eligibility != Eligibility.RESIDENTS:
        message = _("Counting by area needs residents: only of them is the area known.")
        return no("areas_need_residents", message, 400)
    return YES


@transaction.atomic
def publish_poll(actor: Any, *, poll: Poll) -> Poll:
    """Make it public with its rules and questions. It needs questions that can be put and dates."""
    locked = _locked(poll)
    require(may_publish_poll(actor, locked))
    phases = locked.process.phases.filter(activities__contains=[Activity.VOTE])
    if not phases.filter(closes_at__gt=timezone.now()).exists():
        raise Refused(no("dates_missing", _("Say first when voting opens and closes."), 409))
    if problems_of(locked):
        raise Refused(no("questions_unfit", _("Mend the questions first."), 409))
    if locked.is_secret and locked.quotas.exists():
        raise Refused(no("quota_in_secret", _("A secret poll cannot have quotas."), 409))
    processes.publish(actor, process=poll.process)
    return poll


@transaction.atomic
def copy_poll(actor: Any, *, poll: Poll, title: Texts) -> Poll:
    """A new draft that asks the same under the same rules, without dates. Both belong to one series,
    by which results of repeated polls are compared."""
    require(may_read_desk(actor, poll))
    process = poll.process
    series = poll.series or slugify(process.slug)[:80]
    copy = create_poll(
        actor,
        organisation=process.organisation,
        kind=poll.kind,
        title=title,
        summary=process.summary,
        languages=process.languages,
        area=process.area,
        topics=list(process.topics.all()),
        about=poll.about,
    )
    copy.copied_from, copy.series, copy.thanks = poll, series, poll.thanks
    copy.consent, copy.consent_html = poll.consent, poll.consent_html
    for name in _DECLARED:
        setattr(copy, name, getattr(poll, name))
    copy.save(
        update_fields=[
            "copied_from", "series", "thanks", "consent", "consent_html", *_DECLARED
        ]
    )  # fmt: skip
    if not poll.series:
        Poll.objects.filter(pk=poll.pk, series="").update(series=series)
    _copy_questions(poll, copy)
    return copy


def _copy_questions(poll: Poll, copy: Poll) -> None:
    copy.pages.all().delete()
    for order, page in enumerate(build_questionnaire(poll).pages):
        row = QuestionPage.objects.create(
            poll=copy, key=page.key, order=order, title=page.title, intro=page.intro
        )
        write_rows(row, page.questions)


def _locked(poll: Poll) -> Poll:
    """The poll's row, held until the transaction ends, with its process."""
    rows = Poll.objects.select_for_update(of=("self",)).select_related("process")
    return rows.get(pk=poll.pk)
