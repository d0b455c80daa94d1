"""What administrators see of the queue: which letters wait, and why some never went."""

from django.contrib import admin

from common.admin import ReadOnly
from notifications.models import Delivery


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly):
    """Letters follow from the journal."""

    list_display = ("user", "entry", "channel", "due_at", "sent_at", "failed_at", "error")
    list_filter = ("channel", ("failed_at", admin.EmptyFieldListFilter))
    list_select_related = ("user", "entry")
    search_fields = ("user__email",)
    ordering = ("-pk",)
