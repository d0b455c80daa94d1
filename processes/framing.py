"""What the public pages of every kind of process begin with."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.texts import Crumb, Localized
from processes.models import Process
from processes.timetable import Timetable


@dataclass(frozen=True, slots=True)
class PublicFrame:
    """A process that the reader may see. `href` is its page, ending in a slash."""

    process: Process
    href: str
    title: Localized
    body_name: Localized
    current_tab: str

    @property
    def timetable(self) -> Timetable:
        return self.process.timetable

    @property
    def crumbs(self) -> list[Crumb]:
        """The way back to the process's own page."""
        return [(f"/{get_language()}/", _("All processes")), (self.href, self.title)]

    @property
    def title_language(self) -> str:
        """The language of the title where it is not the page's, else ""."""
        return self.title.language if self.title.language != get_language() else ""
