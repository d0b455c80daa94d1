"""Who gets what from the API. The columns are those of tests.architecture.authorisation_table."""

from answers.actions import answer
from consultations.actions import propose_amendment
from deliberation.actions import add_source, post_comment
from notifications.models import Delivery
from processes.actions import close, publish_results
from processes.models import Process
from processes.tasks import deliver_entries
from tests.architecture.authorisation import Request, Row, Stage
from tests.scenario import draft_consultation, end_phases


def the_consultation(stage: Stage) -> Request:
    return Request(kwargs={"slug": stage.world.process.slug})


def an_unpublished_one(stage: Stage) -> Request:
    consultation = draft_consultation(stage.official, stage.organisation, title="Not yet")
    return Request(kwargs={"slug": consultation.process.slug})


def an_article(stage: Stage) -> Request:
    return Request(kwargs={"subject_id": stage.world.article.pk})


def a_position(stage: Stage) -> Request:
    return Request(kwargs={"subject_id": stage.world.article.pk}, data={"value": "agree"})


def an_argument(stage: Stage) -> Request:
    return Request(
        kwargs={"subject_id": stage.world.article.pk}, data={"body": "Wider!", "stance": "for"}
    )


def a_document(stage: Stage) -> Request:
    data = {"title": "A study", "url": "https://example.org/", "category": "study"}
    return Request(kwargs={"subject_id": stage.world.article.pk}, data=data)


def an_official_answer(stage: Stage) -> Request:
    data = {"decision": "adopted", "body": "It is right."}
    return Request(kwargs={"subject_id": stage.world.article.pk}, data=data)


def an_answered_article(stage: Stage) -> Request:
    pk = stage.world.article.pk
    answer(stage.official, subject_id=pk, decision="refused", body="No.")
    return Request(kwargs={"subject_id": pk})


def a_new_article(stage: Stage) -> Request:
    data = {"kind": "new_article", "title": "Lamps", "body": "There are lamps.", "reason": "Dark."}
    return Request(kwargs={"slug": stage.world.process.slug}, data=data)


def proposal_of_the_citizen(stage: Stage) -> Request:
    proposal = propose_amendment(
        stage.citizen, section_id=stage.world.section().pk, body="Three metres.", reason="Room."
    )
    return Request(kwargs={"proposal_id": proposal.pk})


def other_words_for_it(stage: Stage) -> Request:
    return Request(kwargs=proposal_of_the_citizen(stage).kwargs, data={"body": "Four metres."})


def comment_of_the_citizen(stage: Stage) -> Request:
    comment = post_comment(stage.citizen, subject_id=stage.world.article.pk, body="Wider!")
    return Request(kwargs={"comment_id": comment.pk})


def other_words_in_the_comment(stage: Stage) -> Request:
    return Request(kwargs=comment_of_the_citizen(stage).kwargs, data={"body": "Much wider!"})


def source_of_the_citizen(stage: Stage) -> Request:
    source = add_source(
        stage.citizen,
        subject_id=stage.world.article.pk,
        title="A study",
        url="https://example.org/",
        category="study",
    )
    return Request(kwargs={"source_id": source.pk})


def letter_to_the_citizen(stage: Stage) -> Request:
    comment_of_the_citizen(stage)
    end_phases(stage.official, stage.world.process)
    process = Process.objects.get(pk=stage.world.process.pk)
    close(stage.official, process=process)
    publish_results(stage.official, process=process, summary={"en": "Wider."})
    deliver_entries()
    letter = Delivery.objects.letters_of(stage.citizen).get()
    return Request(kwargs={"letter_id": letter.pk})


API = [
    Row("me", "GET", "401 200 200 200 200 200"),
    Row("api-organisations", "GET", "200"),
    Row("api-areas", "GET", "200"),
    Row("api-topics", "GET", "200"),
    Row("api-processes", "GET", "200"),
    # What is not published is there for the public body's own people alone.
    Row("api-consultation", "GET", "404 404 404 404 200 404", an_unpublished_one),
    Row("api-sections", "GET", "200", the_consultation),
    Row("api-proposals", "GET", "200", the_consultation),
    Row("api-proposals", "POST", "401 201 201 201 201 201", a_new_article),
    Row("api-proposal", "GET", "200", proposal_of_the_citizen),
    Row("api-proposal", "PATCH", "401 200 403 403 403 403", other_words_for_it),
    Row("api-proposal", "DELETE", "401 204 403 403 403 403", proposal_of_the_citizen),
    Row("api-subject", "GET", "200", an_article),
    Row("api-position", "GET", "200", an_article),
    Row("api-position", "PUT", "401 200 200 200 200 200", a_position),
    Row("api-position", "DELETE", "401 204 204 204 204 204", an_article),
    Row("api-comments", "GET", "200", an_article),
    Row("api-comments", "POST", "401 201 201 201 201 201", an_argument),
    Row("api-comment", "GET", "200", comment_of_the_citizen),
    Row("api-comment", "PATCH", "401 200 403 403 403 403", other_words_in_the_comment),
    Row("api-comment", "DELETE", "401 204 403 403 403 403", comment_of_the_citizen),
    # Nobody supports their own comment.
    Row("api-support", "PUT", "401 409 200 200 200 200", comment_of_the_citizen),
    Row("api-support", "DELETE", "401 409 204 204 204 204", comment_of_the_citizen),
    Row("api-sources", "GET", "200", an_article),
    Row("api-sources", "POST", "401 201 201 201 201 201", a_document),
    Row("api-source", "GET", "200", source_of_the_citizen),
    Row("api-source", "DELETE", "401 204 403 403 403 403", source_of_the_citizen),
    Row("api-answer", "GET", "200", an_answered_article),
    Row("api-answer", "PUT", "401 403 403 403 201 403", an_official_answer),
    Row("api-contributions", "GET", "401 200 200 200 200 200"),
    Row("api-positions", "GET", "401 200 200 200 200 200"),
    Row("api-letters", "GET", "401 200 200 200 200 200"),
    # Nobody learns that somebody else's letter exists.
    Row("api-letter", "GET", "401 200 404 404 404 404", letter_to_the_citizen),
]
