"""Addresses of booths: an officer's own, and those of a poll below the desk."""

from django.urls import path

from voting.booths.views import booths, sheets

app_name = "booths"
_POLL = "desk/polls/<slug:slug>/booths/"
_BOOTH = f"{_POLL}<int:booth_id>/"
_SHEET = f"{_BOOTH}sheets/<int:sheet_id>/"

urlpatterns = [
    path("booths/", booths.mine, name="mine"),
    path(_POLL, booths.booths, name="list"),
    path(f"{_POLL}new/", booths.new, name="new"),
    path(_BOOTH, booths.booth, name="booth"),
    path(f"{_BOOTH}officers/", booths.officers, name="officers"),
    path(f"{_BOOTH}officers/<int:user_id>/remove/", booths.remove_officer, name="remove-officer"),
    path(f"{_BOOTH}take-back/", booths.take_back, name="take-back"),
    path(f"{_BOOTH}end/", booths.end, name="end"),
    path(f"{_BOOTH}enter/", sheets.enter, name="enter"),
    path(_SHEET, sheets.sheet, name="sheet"),
    path(f"{_SHEET}discard/", sheets.discard, name="discard"),
    path(f"{_BOOTH}log/", sheets.log, name="log"),
    path(f"{_BOOTH}log.csv", sheets.log_file, name="log-file"),
]
