"""People, organisations, roles, areas and verification."""

import hashlib
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef
from django.db.models.functions import JSONObject, Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.kinds import USER_ANNOTATIONS, Role, VerificationLevel


class UserQuerySet(models.QuerySet["User"]):
    def with_identity(self) -> "UserQuerySet":
        """Adds roles, verifications and what apps above ask for, so that they cost no query."""
        roles = Membership.objects.filter(user=OuterRef("pk")).values(
            row=JSONObject(organisation="organisation_id", role="role")
        )
        levels = Verification.objects.filter(user=OuterRef("pk")).values(
            row=JSONObject(level="level", area_path="area__path")
        )
        return self.annotate(
            role_rows=ArraySubquery(roles),
            verification_rows=ArraySubquery(levels),
            **{name: expression() for name, expression in USER_ANNOTATIONS.items()},
        )


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """A person without confirmed address. `email` is stored in lower case."""
        if not email:
            raise ValueError("A person needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        fields.update(is_staff=True, is_superuser=True)
        return self.create_user(email, password, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Signs in by e-mail; shown by `name`; never deleted, but anonymised when closed.

    `moderates_at` makes a moderator of the whole installation. A `generated_at` person stands for
    an imported participant about whom only numbers are known: no mail, no sign-in.
    """

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name shown beside what you write"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=8, default="en")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    moderates_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    generated_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    # Set by USER_ANNOTATIONS where the person is `request.user`.
    unread_count: int = 0

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="user_email_is_lower_case",
            )
        ]

    def __str__(self) -> str:
        if self.closed_at is not None:
            return str(_("Former participant"))
        return self.name or str(_("Participant %(number)s")) % {"number": self.pk}

    @property
    def is_moderator(self) -> bool:
        return self.moderates_at is not None or self.is_superuser

    @cached_property
    def roles(self) -> dict[int, str]:
        """{organisation id: role}. No query after `with_identity()`, else one, once."""
        rows: list[dict[str, Any]] | None = getattr(self, "role_rows", None)
        if rows is None:
            return dict(self.memberships.values_list("organisation_id", "role"))
        return {row["organisation"]: row["role"] for row in rows}

    @cached_property
    def verified_areas(self) -> dict[str, str]:
        """{verification level: path of the area, or ""}. No query after `with_identity()`."""
        rows: list[dict[str, Any]] | None = getattr(self, "verification_rows", None)
        if rows is None:
            rows = list(self.verifications.values("level", area_path=models.F("area__path")))
        return {row["level"]: row["area_path"] or "" for row in rows}

    @property
    def has_desk(self) -> bool:
        """Whether the person works for a public body."""
        return bool(self.roles) or self.is_superuser

    def role_in(self, organisation_id: int) -> str:
        """The person's role in a public body, or ""."""
        return self.roles.get(organisation_id, "")


class Area(models.Model):
    """A place in a tree of places. `path` is '1.4.9.': the ids from the root down to itself."""

    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True)
    name = models.JSONField(_("name"), help_text=_("by language"))
    slug = models.SlugField(unique=True)
    path = models.CharField(max_length=200, editable=False, db_index=True)

    class Meta:
        ordering = ["path"]

    def __str__(self) -> str:
        return self.slug

    def contains(self, other: "Area") -> bool:
        """Whether `other` is this area or lies in it. Costs no query."""
        return other.path.startswith(self.path)


class Organisation(models.Model):
    """A public body."""

    name = models.JSONField(_("name"), help_text=_("by language"))
    slug = models.SlugField(unique=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug


class Membership(models.Model):
    """What a person may do in the name of a public body."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices)
    since_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation"], name="one_role_per_body"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.organisation_id}"


class Verification(models.Model):
    """That somebody checked who a person is, and where the person lives."""

    user = models.ForeignKey(User, models.CASCADE, related_name="verifications")
    level = models.CharField(max_length=16, choices=VerificationLevel.choices)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True)
    verified_at = models.DateTimeField(default=timezone.now)
    verified_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="verified"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "level"], name="one_verification_per_level"),
            models.CheckConstraint(
                condition=models.Q(level__in=VerificationLevel.values),
                name="level_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.level}"


class Group(models.Model):
    """A named set of people: a panel, the members of a council, whoever is invited to answer."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="groups")
    name = models.CharField(_("name"), max_length=120)
    people = models.ManyToManyField(User, through="GroupMember", related_name="in_groups")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="one_group_per_name"),
        ]

    def __str__(self) -> str:
        return self.name


class GroupMember(models.Model):
    """That a person belongs to a group."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="members")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    since_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "user"], name="one_membership_per_group"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.group_id}"


class Profile(models.Model):
    """What a person told about themselves once, to be used again only while `reusable_at` is set.

    `answers` is {"sex": option key, "age": year of birth as text, "area": …, "category": …}, as a
    questionnaire asked it.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="profile")
    answers = models.JSONField(default=dict)
    reusable_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"profile of {self.user_id}"


class Token(models.Model):
    """A bearer token for the API. Only its SHA-256 is kept; `hint` is its first characters."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=8, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    used_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.hint}…"

    @staticmethod
    def digest_of(plain: str) -> str:
        """SHA-256 in hexadecimal. Fast on purpose: a token has 256 bits, no word to guess."""
        return hashlib.sha256(plain.encode()).hexdigest()
