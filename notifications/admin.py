"""What administrators see of the queue: which letters wait, and why some never went."""

from django.contrib import admin

from notifications.models import Delivery


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin):
    list_display = ("user", "entry", "channel", "due_at", "sent_at", "failed_at", "error")
    list_filter = ("channel", ("failed_at", admin.EmptyFieldListFilter))
    list_select_related = ("user", "entry")
    search_fields = ("user__email",)
    ordering = ("-pk",)
    show_full_result_count = False

    def has_add_permission(self, request: object) -> bool:
        """Letters follow from the journal."""
        return False

    def has_change_permission(self, request: object, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        return False
