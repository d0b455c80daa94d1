"""What can be done to accounts."""

import secrets
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.kinds import EXPORT_SECTIONS, Role, VerificationLevel
from accounts.models import Area, Membership, Organisation, Token, User, Verification
from accounts.permissions import SIGN_IN_FIRST, may_own, may_verify
from accounts.profiles import forget_profile
from common.verdicts import YES, Refused, no, require

CLOSED_ADDRESS = "closed-{pk}@invalid.invalid"
TOKEN_LIMIT = 20


@transaction.atomic
def register_person(
    *, email: str, password: str | None, name: str, language: str = "en", **fields: Any
) -> User:
    """A person whose address is taken as confirmed: for operators, demonstration and tests.

    People who come by themselves sign up through allauth. Refused (409) for a known address.
    """
    email = email.strip().lower()
    if User.objects.filter(email=email).exists():
        raise Refused(no("email_taken", _("There is an account with this address already."), 409))
    user = User.objects.create_user(email, password, name=name, language=language, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def change_profile(actor: User, *, name: str, language: str) -> User:
    """Change one's own name and language."""
    actor.name, actor.language = name, language
    actor.save(update_fields=["name", "language"])
    return actor


@transaction.atomic
def verify_person(
    actor: User | None,
    *,
    person: User,
    level: str,
    area: Area | None = None,
    organisation: Organisation | None = None,
) -> Verification:
    """Record that `actor` (None: an operator) checked who the person is or where they live.

    Administrators may do it anywhere, owners and editors of `organisation` for residents of its
    own area. Repeating it with another area moves the person. Refused (400) for a residence
    without area.
    """
    if actor is not None and not actor.is_superuser:
        require(may_verify(actor, organisation, level, area))
    if level == VerificationLevel.RESIDENCE and area is None:
        raise Refused(no("area_missing", _("Say where the person lives."), 400))
    verification, __ = Verification.objects.update_or_create(
        user=person,
        level=level,
        defaults={"area": area, "verified_by": actor, "verified_at": timezone.now()},
    )
    _forget_identity(person)
    return verification


@transaction.atomic
def grant_role(
    actor: User | None, *, person: User, organisation: Organisation, role: str
) -> Membership:
    """Give or change a role in a public body. `actor` None is an operator of the installation."""
    if actor is not None:
        require(may_own(actor, organisation.pk))
    _keep_an_owner(person, organisation, role)
    membership, __ = Membership.objects.update_or_create(
        user=person, organisation=organisation, defaults={"role": role}
    )
    _forget_identity(person)
    return membership


@transaction.atomic
def revoke_role(actor: User | None, *, person: User, organisation: Organisation) -> None:
    """Take the role away; repeating it changes nothing. Refused (409) for the last owner."""
    if actor is not None:
        require(may_own(actor, organisation.pk))
    _keep_an_owner(person, organisation, "")
    Membership.objects.filter(user=person, organisation=organisation).delete()
    _forget_identity(person)


@transaction.atomic
def create_token(actor: User, *, name: str) -> tuple[Token, str]:
    """A new bearer token and its plain text, which nobody can read again."""
    require(YES if actor.is_active else SIGN_IN_FIRST)
    User.objects.select_for_update().get(pk=actor.pk)
    if actor.tokens.count() >= TOKEN_LIMIT:
        raise Refused(no("too_many_tokens", _("Revoke a token that you no longer use first."), 409))
    plain = f"kns_{secrets.token_urlsafe(32)}"
    token = Token.objects.create(
        user=actor, name=name, digest=Token.digest_of(plain), hint=plain[:8]
    )
    return token, plain


def revoke_token(actor: User, *, token_id: int) -> None:
    """Make one's own token useless; one that is not there, or another's, changes nothing."""
    actor.tokens.filter(pk=token_id).delete()


@transaction.atomic
def close_account(actor: User) -> None:
    """Forget who the person was. What they wrote stays, under "former participant".

    Roles, tokens, verifications, addresses and sessions end. It cannot be undone. Refused (409)
    while the person is the last owner of a public body.
    """
    owned = Organisation.objects.filter(memberships__user=actor, memberships__role=Role.OWNER)
    for organisation in owned.select_for_update():
        _keep_an_owner(actor, organisation, "")
    actor.memberships.all().delete()
    actor.tokens.all().delete()
    actor.verifications.all().delete()
    forget_profile(actor)
    EmailAddress.objects.filter(user=actor).delete()
    actor.email = CLOSED_ADDRESS.format(pk=actor.pk)
    actor.name = ""
    actor.is_active = actor.is_staff = actor.is_superuser = False
    actor.moderates_at = actor.last_login = None
    actor.closed_at = timezone.now()
    actor.set_unusable_password()
    actor.save(
        update_fields=[
            "email",
            "name",
            "is_active",
            "is_staff",
            "is_superuser",
            "moderates_at",
            "last_login",
            "closed_at",
            "password",
        ]
    )
    _forget_identity(actor)


def export_person(actor: User) -> dict[str, Any]:
    """Everything that is the person's, as data that JSON can hold, by section."""
    return {name: section(actor) for name, section in sorted(EXPORT_SECTIONS.items())}


def place_area(area: Area) -> Area:
    """Write the path of an area that was just stored, from its parent's."""
    area.path = f"{area.parent.path if area.parent else ''}{area.pk}."
    area.save(update_fields=["path"])
    return area


def _forget_identity(person: User) -> None:
    """Drop what an instance remembers, so that its next question asks the database."""
    for name in ("roles", "verified_areas", "role_rows", "verification_rows"):
        person.__dict__.pop(name, None)


def _keep_an_owner(person: User, organisation: Organisation, role: str) -> None:
    """Refuse what would leave a public body without an owner. Locks the body's row."""
    if role == Role.OWNER:
        return
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    owners = Membership.objects.filter(organisation=organisation, role=Role.OWNER)
    if owners.filter(user=person).exists() and owners.count() == 1:
        message = _("A public body needs an owner. Make somebody else an owner first.")
        raise Refused(no("last_owner", message, 409))
