"""A handful of line icons on a 24 by 24 grid. Decoration: the word always stands beside them."""

from django.utils.safestring import SafeString

from common.html import trusted

_PATHS = {
    "menu": "M4 7h16M4 12h16M4 17h10",
    "close": "M6 6l12 12M18 6L6 18",
    "next": "M9 5l7 7-7 7",
    "back": "M15 5l-7 7 7 7",
    "down": "M5 9l7 7 7-7",
    "link": "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1"
    "M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
    "print": "M7 9V4h10v5M7 17H4v-7h16v7h-3M7 14h10v6H7z",
    "bell": "M6 17V11a6 6 0 0 1 12 0v6M4 17h16M10 20h4",
    "clock": "M12 4a8 8 0 1 0 .01 0M12 8v4l3 2",
    "check": "M5 13l4 4L19 7",
    "edit": "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
}


def icon(name: str) -> SafeString:
    """{% icon "print" %}: a drawing in the colour of the text. KeyError for an unknown name."""
    return trusted(
        '<svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" '
        f'focusable="false"><path d="{_PATHS[name]}"/></svg>'
    )
