"""Who gets what at every address of the site. Six people a row; see tests.architecture.authorisation.

Add the rows of new addresses at the end of their app's list. A `setup` is a tiny function: it
builds what the address is about by actions and returns a Request.

The columns: nobody, citizen (whose contribution it is), another citizen, another body's
official, official, moderator.
"""

from accounts.actions import create_token
from deliberation.actions import take_position
from notifications import tokens
from notifications.models import Delivery, Notice
from processes.actions import close, publish_results, reschedule
from processes.models import Process
from processes.tasks import deliver_entries
from tests.architecture.authorisation import Request, Row, Stage
from tests.architecture.authorisation_api import API
from tests.architecture.authorisation_assessing import ASSESSING
from tests.architecture.authorisation_booths import BOOTHS
from tests.architecture.authorisation_budget_results import BUDGET_RESULTS
from tests.architecture.authorisation_budgetdesk import BUDGETDESK
from tests.architecture.authorisation_budgets import BUDGETS
from tests.architecture.authorisation_budgets_api import BUDGETS_API
from tests.architecture.authorisation_building import BUILDING
from tests.architecture.authorisation_desk import DESK
from tests.architecture.authorisation_polldesk import POLLDESK
from tests.architecture.authorisation_results import RESULTS
from tests.architecture.authorisation_taking_part import TAKING_PART
from tests.architecture.authorisation_voting import VOTING
from tests.architecture.authorisation_voting_api import VOTING_API
from tests.scenario import draft_consultation, end_phases, plan


def token_of_the_citizen(stage: Stage) -> Request:
    token, _plain = create_token(stage.citizen, name="script")
    return Request(kwargs={"token_id": token.pk})


def sign_in_form(stage: Stage) -> Request:
    return Request(data={"login": "nobody@example.org", "password": "not the password"})


SITE = [
    Row("start", "GET", "302"),
    Row("live", "GET", "200"),
    Row("ready", "GET", "200"),
    Row("metrics", "GET", "404"),
    Row("robots", "GET", "200"),
    Row("api-docs", "GET", "200"),
    Row("schema", "GET", "200"),
    Row("gallery", "GET", "404"),  # administrators only
]

ACCOUNTS = [
    Row("accounts:account", "GET", "302 200 200 200 200 200"),
    Row("accounts:account", "POST", "302 400 400 400 400 400"),
    Row("accounts:tokens", "GET", "302 200 200 200 200 200"),
    Row("accounts:tokens", "POST", "302 400 400 400 400 400"),
    # Another's token is as good as none: nothing happens, and nothing is betrayed.
    Row("accounts:revoke-token", "POST", "302", token_of_the_citizen),
    Row("accounts:export", "GET", "302 200 200 200 200 200"),
    Row("accounts:close", "GET", "302 200 200 200 200 200"),
    Row("accounts:close", "POST", "302 400 400 400 400 400"),
]

# allauth: who is signed in already is sent on.
SIGNING_IN = [
    Row("account_login", "GET", "200 302 302 302 302 302"),
    Row("account_login", "POST", "200 302 302 302 302 302", sign_in_form),
    Row("account_signup", "GET", "200 302 302 302 302 302"),
    Row("account_signup", "POST", "200 302 302 302 302 302"),
    Row("account_logout", "GET", "302 200 200 200 200 200"),
    Row("account_logout", "POST", "302"),
    Row("account_inactive", "GET", "200"),
    Row("account_reauthenticate", "GET", "302 200 200 200 200 200"),
    Row("account_reauthenticate", "POST", "302 200 200 200 200 200"),
    Row("account_email", "GET", "302 200 200 200 200 200"),
    Row("account_email", "POST", "302"),
    Row("account_email_verification_sent", "GET", "200"),
    Row("account_confirm_email", "GET", "200", lambda stage: Request(kwargs={"key": "x"})),
    Row("account_confirm_email", "POST", "404", lambda stage: Request(kwargs={"key": "x"})),
    Row("account_change_password", "GET", "302 200 200 200 200 200"),
    Row("account_change_password", "POST", "302 200 200 200 200 200"),
    Row("account_set_password", "GET", "302"),
    Row("account_set_password", "POST", "302"),
    Row("account_reset_password", "GET", "200"),
    Row("account_reset_password", "POST", "200"),
    Row("account_reset_password_done", "GET", "200"),
    Row("account_reset_password_from_key_done", "GET", "200"),
    Row(
        "account_reset_password_from_key",
        "GET",
        "200",
        lambda stage: Request(kwargs={"uidb36": "1", "key": "x-y"}),
    ),
    Row(
        "account_reset_password_from_key",
        "POST",
        "200",
        lambda stage: Request(kwargs={"uidb36": "1", "key": "x-y"}),
    ),
    Row("account_confirm_login_code", "GET", "302"),
    Row("account_confirm_login_code", "POST", "302"),
]


def letter_of_the_citizen(stage: Stage) -> Request:
    """A letter on the site to the citizen, as it stands after results were published."""
    process = _told_the_citizen(stage)
    end_phases(stage.official, process)
    process.refresh_from_db()
    close(stage.official, process=process)
    publish_results(stage.official, process=process, summary={"en": "Done."})
    deliver_entries()
    return Request(args=(Delivery.objects.letters_of(stage.citizen).get().pk,))


def notice_of_the_citizen(stage: Stage) -> Request:
    _told_the_citizen(stage)
    return Request(args=(Notice.objects.get(user=stage.citizen).pk,))


def _told_the_citizen(stage: Stage) -> Process:
    """The citizen took part, and the dates changed since."""
    process = stage.world.process
    take_position(stage.citizen, subject_id=stage.world.article.pk, value="agree")
    reschedule(stage.official, process=process, plan=plan(), reason="More time.")
    deliver_entries()
    return process


def link_in_the_citizens_mail(stage: Stage) -> Request:
    token = tokens.make(stage.citizen.pk, stage.world.process.pk)
    return Request(args=(token,), data={"choice": "process"})


NOTIFICATIONS = [
    Row("notifications:inbox", "GET", "302 200 200 200 200 200"),
    Row("notifications:read", "POST", "302"),
    Row("notifications:unread", "POST", "302"),
    Row("notifications:notice", "GET", "302 302 404 404 404 404", notice_of_the_citizen),
    Row("notifications:letter", "GET", "302 200 404 404 404 404", letter_of_the_citizen),
    Row("notifications:preferences", "GET", "302 200 200 200 200 200"),
    Row("notifications:preferences", "POST", "302"),
    # Whoever holds the link may follow it: a mail program knows nobody.
    Row("notifications:unsubscribe", "GET", "200", link_in_the_citizens_mail),
    Row("notifications:unsubscribe", "POST", "200", link_in_the_citizens_mail),
]


def of_the_world(stage: Stage) -> Request:
    return Request(kwargs={"slug": stage.world.process.slug})


def not_published(stage: Stage) -> Request:
    """A consultation that only the official's body sees."""
    consultation = draft_consultation(stage.official, stage.organisation)
    return Request(kwargs={"slug": consultation.process.slug})


def first_article(stage: Stage) -> Request:
    world = stage.world
    return Request(kwargs={"slug": world.process.slug, "subject_id": world.article.pk})


_READ = [
    f"consultations:{name}"
    for name in ("consultation", "draft", "proposals", "answers", "results", "activity", "feed")
]
READING = [
    Row("processes:front", "GET", "200"),
    Row("processes:calendar", "GET", "200"),
    Row("processes:calendar_file", "GET", "200"),
    Row("processes:feed", "GET", "200"),
    *(Row(name, "GET", "200", of_the_world) for name in _READ),
    *(Row(name, "GET", "404 404 404 404 200 404", not_published) for name in _READ),
    Row("consultations:history", "GET", "200", first_article),
]

TABLE = [
    *SITE,
    *ACCOUNTS,
    *SIGNING_IN,
    *READING,
    *TAKING_PART,
    *NOTIFICATIONS,
    *API,
    *VOTING,
    *DESK,
    *BOOTHS,
    *POLLDESK,
    *BUDGETDESK,
    *ASSESSING,
    *BUILDING,
    *VOTING_API,
    *BUDGETS,
    *BUDGET_RESULTS,
    *BUDGETS_API,
    *RESULTS,
]
