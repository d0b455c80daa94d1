"""The Celery application. Everything it is told stands in settings under CELERY_."""

import os

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("kenes")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.set_default()  # "current" holds in this thread only, and the web server has several

# What a worker left behind when it was killed is found at once by the next, not by the clock alone.
ON_START = (
    "processes.tasks.deliver_entries",
    "notifications.tasks.sweep_deliveries",
    "voting.tasks.run_clock",
)


@worker_ready.connect
def pick_up_what_was_left(**_: object) -> None:
    for name in ON_START:
        app.send_task(name)
