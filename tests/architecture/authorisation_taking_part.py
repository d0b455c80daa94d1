"""Who gets what where people take part: articles, proposals, comments, sources, moderation."""

from consultations.actions import propose_amendment
from deliberation.actions import add_source, post_comment
from moderation.actions import hide
from processes.models import Subject
from tests.architecture.authorisation import Request, Row, Stage
from tests.scenario import end_phases


def article(stage: Stage) -> Request:
    return Request(args=(stage.world.process.slug, stage.world.article.pk))


def subject(stage: Stage) -> Request:
    return Request(args=(stage.world.article.pk,))


def consultation(stage: Stage) -> Request:
    return Request(args=(stage.world.process.slug,))


def _proposal(stage: Stage) -> Subject:
    return propose_amendment(
        stage.citizen, section_id=stage.world.section().pk, body="Three metres.", reason="Prams."
    ).subject


def proposal(stage: Stage) -> Request:
    return Request(args=(stage.world.process.slug, _proposal(stage).pk))


def comment(stage: Stage) -> Request:
    return Request(args=(_comment(stage),))


def _comment(stage: Stage) -> int:
    return post_comment(
        stage.citizen, subject_id=stage.world.article.pk, body="Room for two.", stance="for"
    ).pk


def source(stage: Stage) -> Request:
    row = add_source(
        stage.citizen,
        subject_id=stage.world.article.pk,
        title="A study",
        url="https://example.org/study",
        category="study",
    )
    return Request(args=(row.pk,))


def sending(setup, **data):
    """The same request with fields."""

    def build(stage: Stage) -> Request:
        request = setup(stage)
        return Request(args=request.args, data=data)

    return build


def too_late(setup):
    """The same request when every phase is over."""

    def build(stage: Stage) -> Request:
        request = setup(stage)
        end_phases(stage.official, stage.world.process)
        return request

    return build


def comment_to_hide(stage: Stage) -> Request:
    return Request(args=("comment", _comment(stage)), data={"rule": "insult", "reason": "Names."})


def hidden_proposal(stage: Stage) -> Request:
    row = _proposal(stage)
    hide(stage.moderator, thing=row, rule="insult", reason="Names.")
    return Request(args=("subject", row.pk), data={"reason": "It was irony."})


NEW_TEXT = {"title": "Wider", "body": "Four metres.", "reason": ""}

TAKING_PART = [
    Row("consultations:article", "GET", "200", article),
    Row("consultations:amend", "GET", "302 200 200 200 200 200", article),
    Row("consultations:amend", "POST", "302", sending(article, body="Four metres.")),
    Row("consultations:propose", "GET", "302 200 200 200 200 200", consultation),
    Row("consultations:propose", "POST", "302", sending(consultation, **NEW_TEXT)),
    Row("consultations:proposal", "GET", "200", proposal),
    Row("consultations:edit_proposal", "GET", "302 200 403 403 403 403", proposal),
    Row(
        "consultations:edit_proposal",
        "POST",
        "302 302 403 403 403 403",
        sending(proposal, **NEW_TEXT),
    ),
    Row("consultations:withdraw_proposal", "GET", "302 200 403 403 403 403", proposal),
    Row("consultations:withdraw_proposal", "POST", "302 302 403 403 403 403", proposal),
    # A choice that is refused leads back to the page with the sentence.
    Row("deliberation:position", "GET", "302", subject),
    Row("deliberation:position", "POST", "302", sending(subject, value="agree")),
    Row("deliberation:comments", "GET", "200", subject),
    Row(
        "deliberation:comments",
        "POST",
        "302 409 409 409 409 409",
        too_late(sending(subject, body="Room.", stance="for")),
    ),
    Row("deliberation:sources", "GET", "200", subject),
    Row("deliberation:sources", "POST", "302 400 400 400 400 400", sending(subject, title="A")),
    Row("deliberation:similar", "GET", "200", subject),
    Row("deliberation:similar", "POST", "200", sending(subject, body="Pavements of two metres")),
    Row("deliberation:comment", "GET", "200", comment),
    Row("deliberation:reply", "GET", "302 200 200 200 200 200", comment),
    Row("deliberation:reply", "POST", "302", sending(comment, body="So do I.")),
    Row("deliberation:edit_comment", "GET", "302 200 403 403 403 403", comment),
    Row(
        "deliberation:edit_comment",
        "POST",
        "302 302 403 403 403 403",
        sending(comment, body="Room for three."),
    ),
    Row("deliberation:withdraw_comment", "GET", "302 200 403 403 403 403", comment),
    Row("deliberation:withdraw_comment", "POST", "302", comment),
    Row("deliberation:support", "GET", "302", comment),
    Row("deliberation:support", "POST", "302", comment),
    Row("deliberation:withdraw_source", "GET", "302 200 403 403 403 403", source),
    Row("deliberation:withdraw_source", "POST", "302", source),
    Row("moderation:decisions", "GET", "302 403 403 403 403 200"),
    Row("moderation:hide", "GET", "302 403 403 403 403 200", comment_to_hide),
    Row("moderation:hide", "POST", "302 403 403 403 403 302", comment_to_hide),
    Row("moderation:restore", "GET", "302 403 403 403 403 200", hidden_proposal),
    Row("moderation:restore", "POST", "302 403 403 403 403 302", hidden_proposal),
]
