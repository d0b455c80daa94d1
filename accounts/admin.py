"""What administrators may see and set. Passwords and tokens are not among it."""

from django.contrib import admin

from accounts.actions import place_area
from accounts.models import Area, Membership, Organisation, User, Verification


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ("email", "name", "language", "joined_at", "is_active")
    search_fields = ("email", "name")
    fields = (
        "email",
        "name",
        "language",
        "is_active",
        "is_staff",
        "moderates_at",
        "joined_at",
        "closed_at",
    )
    readonly_fields = ("email", "joined_at", "closed_at")
    inlines = (MembershipInline,)
    ordering = ("email",)
    show_full_result_count = False

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        """People are anonymised, never deleted."""
        return False

    def has_add_permission(self, request: object) -> bool:
        """People sign up, or are made by manage.py create_person."""
        return False


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    list_display = ("slug", "area")
    search_fields = ("slug",)


@admin.register(Area)
class AreaAdmin(admin.ModelAdmin):
    list_display = ("slug", "parent", "path")
    search_fields = ("slug",)

    def get_readonly_fields(self, request: object, obj: Area | None = None) -> tuple[str, ...]:
        """A place does not move: its path is in the paths of everything inside it."""
        return ("path",) if obj is None else ("path", "parent")

    def save_model(self, request: object, obj: Area, form: object, change: bool) -> None:
        super().save_model(request, obj, form, change)
        place_area(obj)


@admin.register(Verification)
class VerificationAdmin(admin.ModelAdmin):
    list_display = ("user", "level", "area", "verified_at", "verified_by")
    raw_id_fields = ("user", "verified_by")
