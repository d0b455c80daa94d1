"""Consultations, for programs: the frame, the text, what people propose."""

from functools import partial
from typing import Any

from django.db.models import F, Prefetch, QuerySet
from django.db.models.functions import Least
from django.urls import path
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import works_for
from answers.models import Obligation
from answers.serializers import promise_row
from common.resources import (
    NOT_FOUND,
    Resource,
    an_id,
    choice_parameter,
    chosen,
    language_of,
    number_in,
    number_parameter,
    pages,
    site,
)
from common.texts import localized
from common.verdicts import Refused, require
from consultations import actions
from consultations.filters import ORDERINGS, STATES, below, places_of
from consultations.kinds import ProposalKind, SectionKind
from consultations.models import Section, Version, Wording
from consultations.serializers import (
    SECTION,
    ConsultationSerializer,
    ProposalBody,
    ProposalEdit,
    ProposalSerializer,
    SectionSerializer,
    proposal_as_values,
    proposal_row,
    proposal_values,
    section_row,
    version_row,
)
from consultations.text import language_for, languages_of
from processes.kinds import PROPOSAL_KINDS, ProcessKind
from processes.lookup import readable_process
from processes.models import Process, Subject
from processes.permissions import may_read
from processes.search import LONGEST
from processes.serializers import phase_rows, process_row, topic_row

NO_SUCH_PART = _("There is no such part of the text.")


class OneConsultation(Resource):
    @extend_schema(
        operation_id="consultation", responses=ConsultationSerializer, tags=["consultations"]
    )
    def get(self, request: Request, slug: str) -> Response:
        """What it is about, where it stands in time, how many take part, how promises are kept."""
        process = _with_everything(request.user, slug)
        consultation = process.consultation
        promise = getattr(process, "promise", None)
        counts = Obligation.objects.filter(process=process).counts() if promise else None
        current = consultation.current
        return Response(
            process_row(process, pages(request))
            | {
                "about": localized(consultation.about).text,
                "abouts": consultation.about,
                "topics": [topic_row(topic) for topic in process.topics.all()],
                "phases": phase_rows(process),
                "current_version": current.number if current else None,
                "versions": [
                    version_row(version, consultation.current_id)
                    for version in consultation.published
                ],
                "promise": promise_row(promise, counts) if promise and counts else None,
                "results_summary": localized(process.results_summary).text,
                "results_summaries": process.results_summary,
            }
        )


def _with_everything(user: Any, slug: str) -> Process:
    """The process with all that its row says. Three queries. Raises Refused (404)."""
    versions = Version.objects.filter(published_at__isnull=False).order_by("number")
    process = (
        Process.objects.with_timetable()
        .with_status()
        .select_related("organisation", "area", "consultation__current", "promise")
        .prefetch_related(
            "topics", Prefetch("consultation__versions", versions, to_attr="published")
        )
        .defer("search", "sample")
        .filter(slug=slug, kind=ProcessKind.CONSULTATION, consultation__isnull=False)
        .first()
    )
    if process is None:
        raise Refused(NOT_FOUND)
    require(may_read(user, process))
    return process


class Sections(Resource):
    @extend_schema(
        operation_id="sections",
        responses=SectionSerializer(many=True),
        parameters=[
            number_parameter("version", "Number of a version; by default the current one."),
            choice_parameter("kind", SectionKind.values, "Only parts of this kind."),
            OpenApiParameter(
                "language",
                OpenApiTypes.STR,
                description="Of the text; by default the language of the answer, if it exists.",
            ),
        ],
        tags=["consultations"],
    )
    def get(self, request: Request, slug: str) -> Response:
        """All parts and articles of a version in reading order, with the counters of today."""
        process = readable_process(request.user, slug)
        version = _version(request, process)
        present = languages_of(version, process.languages)
        asked = request.query_params.get("language", "")
        if asked and asked not in present:
            message = _("The text exists in: %(languages)s.") % {"languages": ", ".join(present)}
            raise ValidationError({"language": [message]})
        rows = Wording.objects.filter(version=version, language=language_for(present, asked))
        if kind := chosen(request, "kind", SectionKind.values):
            rows = rows.filter(section__kind=kind)
        base = f"{pages(request)}/consultations/{process.slug}/"
        show = partial(section_row, version=version.number, base=base)
        return self.page(rows.values(*SECTION), show, ordering=["order", "pk"])


def _version(request: Request, process: Process) -> Version:
    """The version asked for, or the current one. One query. Raises Refused (404).

    The public body's people may ask for one that is not published yet.
    """
    versions = Version.objects.filter(consultation__process=process)
    if not works_for(request.user, process.organisation_id):
        versions = versions.filter(published_at__isnull=False)
    number = number_in(request, "version")
    if number is not None:
        versions = versions.filter(number=number)
    found = versions.order_by(F("published_at").desc(nulls_last=True), "-number").first()
    if found is None:
        raise Refused(NOT_FOUND)
    return found


class Proposals(Resource):
    @extend_schema(
        operation_id="proposals",
        responses=ProposalSerializer(many=True),
        parameters=[
            choice_parameter("kind", ProposalKind.values, "Only proposals of this kind."),
            number_parameter("section", "Only under this part or article (its id)."),
            choice_parameter("answer", STATES, "Only those owed, late, answered, …"),
            OpenApiParameter(
                "q", {"type": "string", "maxLength": LONGEST}, description="Words to search for."
            ),
            choice_parameter(
                "ordering", ORDERINGS, "Order of the rows; with `q` the best match first.",
                "support",
            ),
        ],
        tags=["consultations"],
    )  # fmt: skip
    def get(self, request: Request, slug: str) -> Response:
        """Amendments and new articles that stand, the most supported first."""
        process = readable_process(request.user, slug)
        rows, ordering = _asked_for(request, process)
        show = partial(proposal_row, pages=pages(request))
        return self.page(proposal_values(rows), show, ordering=ordering)

    @extend_schema(
        operation_id="proposal_post",
        request=ProposalBody,
        responses={201: ProposalSerializer},
        tags=["consultations"],
    )
    def post(self, request: Request, slug: str) -> Response:
        """Propose another wording of an article, or a new article."""
        given = self.body(ProposalBody)
        is_amendment = given["kind"] == ProposalKind.AMENDMENT
        values = (_amend if is_amendment else _add_article)(request, slug, given)
        row = proposal_row(values, pages(request))
        location = f"{site(request)}/api/v1/proposals/{row['id']}/"
        return Response(row, status=201, headers={"Location": location})


def _asked_for(request: Request, process: Process) -> tuple[QuerySet[Subject], tuple[str, ...]]:
    """The proposals asked for, and their order. Two queries with `section`, else none."""
    rows = Subject.objects.standing().filter(process=process, kind__in=PROPOSAL_KINDS)
    if kind := chosen(request, "kind", ProposalKind.values):
        rows = rows.filter(kind=kind)
    if section := number_in(request, "section"):
        rows = rows.filter(parent__in=_under(process, section))
    if answer := chosen(request, "answer", STATES):
        rows = rows.filter(STATES[answer])
    ordering = chosen(request, "ordering", ORDERINGS)
    text = request.query_params.get("q", "")
    if len(text) > LONGEST:
        raise ValidationError({"q": [_("This is too long.")]})
    if text.strip():
        rows = rows.search(text, get_language() or "", *process.languages)
        if not ordering:
            return rows, ("-relevance", "-pk")
    if ordering == "contested":
        rows = rows.annotate(contest=Least("agree_count", "disagree_count"))
    return rows, ORDERINGS[ordering or "support"]


def _under(process: Process, section_id: int) -> list[int]:
    """The subjects of a part of the current text and of all below it. Raises ValidationError."""
    version = (
        Version.objects.filter(consultation__process=process, published_at__isnull=False)
        .order_by("-number")
        .first()
    )
    found = below(places_of(version, process.languages[0]), section_id)
    if not found:
        raise ValidationError({"section": [NO_SUCH_PART]})
    return found


def _amend(request: Request, slug: str, given: dict[str, Any]) -> dict[str, Any]:
    """Raises Refused, or ValidationError for an article that the consultation does not have."""
    section_id = given.get("section")
    if section_id is None:
        raise ValidationError({"section": [_("Say which article the amendment is to.")]})
    place = (
        Section.objects.filter(pk=section_id, consultation__process__slug=slug)
        .values_list("consultation__current__number", "consultation__process__organisation_id")
        .first()
    )
    if place is None:
        readable_process(request.user, slug)
        raise ValidationError({"section": [NO_SUCH_PART]})
    proposal = actions.propose_amendment(
        request.user,
        section_id=section_id,
        title=given["title"],
        body=given["body"],
        reason=given["reason"],
        language=language_of(request),
    )
    is_official = bool(request.user.role_in(place[1]))
    return proposal_as_values(
        proposal, request.user, slug=slug, version=place[0], is_official=is_official
    )


def _add_article(request: Request, slug: str, given: dict[str, Any]) -> dict[str, Any]:
    """Raises Refused."""
    process = readable_process(request.user, slug)
    proposal = actions.propose_new_article(
        request.user,
        consultation=slug,
        section_id=given.get("section"),
        title=given["title"],
        body=given["body"],
        reason=given["reason"],
        language=language_of(request),
    )
    is_official = bool(request.user.role_in(process.organisation_id))
    return proposal_as_values(
        proposal, request.user, slug=slug, version=None, is_official=is_official
    )


class OneProposal(Resource):
    @extend_schema(operation_id="proposal", responses=ProposalSerializer, tags=["proposals"])
    def get(self, request: Request, proposal_id: int) -> Response:
        """One amendment or new article."""
        row = _values_of(request, proposal_id)
        return Response(proposal_row(row, pages(request)))

    @extend_schema(
        operation_id="proposal_edit",
        request=ProposalEdit,
        responses=ProposalSerializer,
        tags=["proposals"],
    )
    def patch(self, request: Request, proposal_id: int) -> Response:
        """Change one's own proposal. Positions on a text that changes are reset, if so confirmed."""
        given = self.body(ProposalEdit)
        known = _values_of(request, proposal_id)
        texts = {
            "title": given.get("title", known["title"]),
            "body": given.get("body", known["proposal__body"]),
            "reason": given.get("reason", known["proposal__reason"]),
        }
        actions.edit_proposal(
            request.user,
            proposal_id=proposal_id,
            confirmed_resets=given["confirmed_resets"],
            **texts,
        )
        row = _values_of(request, proposal_id)
        return Response(proposal_row(row, pages(request)))

    @extend_schema(operation_id="proposal_withdraw", responses={204: None}, tags=["proposals"])
    def delete(self, request: Request, proposal_id: int) -> Response:
        """Take one's own proposal back. It stays readable; what was said about it stays."""
        actions.withdraw_proposal(request.user, proposal_id=an_id(proposal_id))
        return Response(status=204)


def _values_of(request: Request, proposal_id: int) -> dict[str, Any]:
    """What `proposal_row` shows of one. One query. Raises Refused (404)."""
    rows = Subject.objects.filter(proposal=an_id(proposal_id))
    row = proposal_values(rows.visible_to(request.user)).first()
    if row is None:
        raise Refused(NOT_FOUND)
    return row


urlpatterns = [
    path("consultations/<slug:slug>/", OneConsultation.as_view(), name="api-consultation"),
    path("consultations/<slug:slug>/sections/", Sections.as_view(), name="api-sections"),
    path("consultations/<slug:slug>/proposals/", Proposals.as_view(), name="api-proposals"),
    path("proposals/<int:proposal_id>/", OneProposal.as_view(), name="api-proposal"),
]
