"""All processes, and the words to filter them by."""

from functools import partial

from django.db.models import QuerySet
from django.urls import path
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from common.resources import Resource, pages
from processes.filters import ProcessFilter
from processes.models import Process, Topic
from processes.serializers import ProcessSerializer, TopicSerializer, process_row, topic_row


class Processes(Resource):
    filter_backends = (DjangoFilterBackend,)
    filterset_class = ProcessFilter
    queryset = Process.objects.none()

    def get_queryset(self) -> QuerySet[Process]:
        rows = Process.objects.published().for_list().with_status()
        return rows.order_by("-published_at", "-pk")

    @extend_schema(
        operation_id="processes", responses=ProcessSerializer(many=True), tags=["processes"]
    )
    def get(self, request: Request) -> Response:
        """All published processes, the newest first; with `q` the best match first."""
        rows = self.filter_queryset(self.get_queryset())
        return self.page(rows, partial(process_row, pages=pages(request)))


class Topics(Resource):
    @extend_schema(operation_id="topics", responses=TopicSerializer(many=True), tags=["processes"])
    def get(self, request: Request) -> Response:
        """All topics, by slug."""
        return self.page(Topic.objects.all(), topic_row, ordering=["slug"])


urlpatterns = [
    path("processes/", Processes.as_view(), name="api-processes"),
    path("topics/", Topics.as_view(), name="api-topics"),
]
