"""Drafts that people read, argue and rewrite."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common.texts import Localized, named
from consultations.kinds import ChangeKind, ProposalKind, SectionKind
from processes.models import Process, Subject


class Consultation(models.Model):
    """A process about a text. `current` is the version that is read, argued and amended now."""

    process = models.OneToOneField(Process, models.PROTECT, related_name="consultation")
    about = models.JSONField(default=dict, blank=True, help_text=_("Markdown by language"))
    about_html = models.JSONField(default=dict, blank=True, editable=False)
    current = models.ForeignKey("Version", models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return str(self.process)


class Version(models.Model):
    """One state of the whole text. Unpublished versions are seen at the desk only."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.JSONField(default=dict, blank=True, help_text=_("by language"))
    note = models.JSONField(default=dict, blank=True, help_text=_("what is new, by language"))
    created_at = models.DateTimeField(db_default=Now())
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "number"], name="one_version_number"),
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id} v{self.number}"


class Section(models.Model):
    """A part of the text with a lasting identity, whatever its words or place in a version.

    It gets its subject when the first version that holds it is published.
    `key` is what an importer knows it by (unique in the consultation, empty otherwise).
    """

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="sections")
    subject = models.OneToOneField(Subject, models.PROTECT, null=True, related_name="section")
    kind = models.CharField(max_length=16, choices=SectionKind.choices)
    key = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "key"],
                name="one_section_per_key",
                condition=~Q(key=""),
            ),
            models.CheckConstraint(condition=Q(kind__in=SectionKind.values), name="section_kind"),
        ]

    def __str__(self) -> str:
        return str(self.subject)


class Wording(models.Model):
    """A section's text and place in one version and language.

    `label` is how the text calls it ("Article 9", "5-бап"), `number` that number alone.
    `parent` and `order` are the section's place in that version's tree (document order, from 0);
    `level` its depth. `law_changes` is a list of {"title", "before", "after", "diff_html",
    "rows": [[left html, right html, changed], ...]}: what the article changes in existing law.
    """

    version = models.ForeignKey(Version, models.PROTECT, related_name="wordings")
    section = models.ForeignKey(Section, models.PROTECT, related_name="wordings")
    language = models.CharField(max_length=8)
    parent = models.ForeignKey(Section, models.PROTECT, null=True, blank=True, related_name="+")
    order = models.PositiveIntegerField()
    level = models.PositiveSmallIntegerField(default=0)
    label = models.CharField(_("name"), max_length=80, blank=True)
    number = models.CharField(_("number"), max_length=40, blank=True)
    heading = models.TextField(blank=True)
    body = models.TextField(blank=True)
    body_html = models.TextField(blank=True, editable=False)
    explanation = models.TextField(blank=True)
    explanation_html = models.TextField(blank=True, editable=False)
    law_changes = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "section", "language"],
                name="one_wording_per_language",
            ),
            models.UniqueConstraint(
                fields=["version", "language", "order"], name="one_place_per_wording"
            ),
        ]
        indexes = [models.Index(fields=["section", "version"], name="wording_of_section")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """What it is called: name and heading, or the number, or the first words."""
        name = self.label or self.number
        if name and self.heading:
            return f"{name} – {self.heading}"
        return name or self.heading or self.body[:80]


class Removal(models.Model):
    """A part that was taken out of a version that is being written, kept until it is published.

    `rows` holds its words by language, `after` the part it stood behind (null: it was the first),
    `under` the ids of the sections that stood under it and moved up.
    """

    version = models.ForeignKey(Version, models.PROTECT, related_name="removals")
    section = models.ForeignKey(Section, models.PROTECT, related_name="removals")
    after = models.ForeignKey(Section, models.SET_NULL, null=True, related_name="+")
    under = models.JSONField(default=list)
    rows = models.JSONField()
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    removed_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "section"], name="one_removal_per_section"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} without {self.section_id}"

    @property
    def title(self) -> Localized:
        """How the part was called, for the reader."""
        titles = {code: Wording(**fields).title for code, fields in self.rows.items()}
        code = next(iter(titles))
        return named(titles[code], code, titles)


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def standing(self) -> "ProposalQuerySet":
        return self.filter(subject__hidden_at__isnull=True, subject__withdrawn_at__isnull=True)


class Proposal(models.Model):
    """An amendment to a wording, or a new article in a section.

    `section` is the article amended, or the part in which the new article would stand (null:
    anywhere). `wording` is the exact text an amendment was written on. `diff_html` and
    `diff_rows` compare it with `body`; stored when written. `key` is what an importer knows it by.
    `once` numbers the form it was sent by, so that sending it again posts nothing twice.
    Author, hiding and withdrawal stand on the subject.
    """

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="proposals")
    subject = models.OneToOneField(Subject, models.PROTECT, related_name="proposal")
    kind = models.CharField(max_length=16, choices=ProposalKind.choices)
    section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, related_name="proposals"
    )
    wording = models.ForeignKey(
        Wording, models.PROTECT, null=True, blank=True, related_name="amendments"
    )
    body = models.TextField(_("new wording"))
    body_html = models.TextField(editable=False)
    reason = models.TextField(_("reason"), blank=True)
    reason_html = models.TextField(blank=True, editable=False)
    diff_html = models.TextField(blank=True, editable=False)
    diff_rows = models.JSONField(default=list, blank=True, editable=False)
    law_changes = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    edited_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=64, blank=True)
    once = models.UUIDField(null=True, editable=False)

    objects: ClassVar[ProposalQuerySet] = ProposalQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["consultation", "kind", "-id"], name="proposal_newest"),
            models.Index(fields=["section", "kind", "-id"], name="proposal_of_section"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "key"],
                name="one_proposal_per_key",
                condition=~Q(key=""),
            ),
            models.UniqueConstraint(
                fields=["once"], name="proposal_sent_once", condition=Q(once__isnull=False)
            ),
            models.CheckConstraint(condition=Q(kind__in=ProposalKind.values), name="proposal_kind"),
            models.CheckConstraint(
                condition=Q(kind=ProposalKind.NEW_ARTICLE, wording__isnull=True)
                | Q(
                    kind=ProposalKind.AMENDMENT,
                    wording__isnull=False,
                    section__isnull=False,
                ),
                name="amendment_has_a_wording",
            ),
            models.CheckConstraint(condition=~Q(body=""), name="proposal_says_something"),
        ]

    def __str__(self) -> str:
        return str(self.subject)


class Revision(models.Model):
    """An earlier text of a proposal, kept when its author edits it."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="revisions")
    title = models.TextField()
    body = models.TextField()
    reason = models.TextField(blank=True)
    replaced_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.proposal_id} until {self.replaced_at:%Y-%m-%d}"


class Change(models.Model):
    """What became of one section from one version to the next, and who moved it.

    `language` is that of the words compared, `note_language` that of the note.
    """

    version = models.ForeignKey(Version, models.PROTECT, related_name="changes")
    section = models.ForeignKey(Section, models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=16, choices=ChangeKind.choices)
    note = models.TextField(blank=True)
    note_language = models.CharField(max_length=8, default="en")
    diff_html = models.TextField(blank=True, editable=False)
    language = models.CharField(max_length=8, default="en")
    moved_by = models.ManyToManyField(Subject, blank=True, related_name="changes")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "section"], name="one_change_per_section"),
            models.CheckConstraint(condition=Q(kind__in=ChangeKind.values), name="change_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.kind} {self.section_id}"
