"""What the administration's pages have in common."""

from django.contrib import admin


class ReadOnly(admin.ModelAdmin):
    """Rows that are looked at and never written here."""

    show_full_result_count = False

    def has_add_permission(self, request: object) -> bool:
        return False

    def has_change_permission(self, request: object, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        return False
