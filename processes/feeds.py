"""News as Atom (RFC 4287)."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest  # noqa: TID251 - a feed is a view
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.pagination import page_of
from common.texts import localized
from processes.framing import PublicFrame
from processes.models import Process
from processes.news import News, news_of, public_entries

LENGTH = 50


class NewsFeed(Feed):  # type: ignore[type-arg]
    """The latest news of all processes, in the language of the address. One query."""

    feed_type = Atom1Feed
    author_name = settings.SITE_NAME

    def title(self) -> str:
        return settings.SITE_NAME

    def subtitle(self) -> str:
        return _("What is decided, and what becomes of what people say.")

    def link(self) -> str:
        return f"/{get_language()}/"

    def items(self, obj: Any = None) -> Iterable[News]:
        return [news_of(entry) for entry in public_entries(Process.objects.published())[:LENGTH]]

    def item_title(self, item: Any) -> str:
        return f"{item.process_title}: {item.title}"

    def item_description(self, item: Any) -> str:
        return str(item.detail or item.title)

    def item_link(self, item: Any) -> str:
        return item.href

    def item_guid(self, item: Any) -> str:
        host = settings.SITE_URL.partition("://")[2].partition(":")[0]
        return f"tag:{host},2026:entry-{item.key}"

    def item_pubdate(self, item: Any) -> datetime:
        return item.at

    def item_updateddate(self, item: Any) -> datetime:
        return item.at


class ProcessFeed(NewsFeed):
    """The news of one process. `framed(user, slug)` gives its frame, or Http404. Two queries."""

    def __init__(self, framed: Callable[[Any, str], PublicFrame]) -> None:
        self.framed = framed

    def get_object(self, request: HttpRequest, slug: str) -> PublicFrame:
        return self.framed(request.user, slug)

    def title(self, obj: PublicFrame) -> str:  # type: ignore[override]
        return obj.title.text

    def subtitle(self, obj: PublicFrame) -> str:  # type: ignore[override]
        return localized(obj.process.summary).text

    def link(self, obj: PublicFrame) -> str:  # type: ignore[override]
        return obj.href

    def items(self, obj: Any = None) -> Iterable[News]:
        return [news_of(entry) for entry in _entries(obj)[:LENGTH]]

    def item_title(self, item: Any) -> str:
        return str(item.title)


def activity_of(request: HttpRequest, frame: PublicFrame) -> dict[str, Any]:
    """What happened in a process, newest first, as the page of its activity shows it. One query."""
    found, next_href = page_of(request, _entries(frame), ordering=("-pk",), size=30)
    return {"frame": frame, "news": [news_of(entry) for entry in found], "next_href": next_href}


def _entries(frame: PublicFrame) -> Any:
    return public_entries(Process.objects.filter(pk=frame.process.pk))
