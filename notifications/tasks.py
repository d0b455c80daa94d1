"""Sending by the queue. Every task may run twice without harm; a sweep finds what was left."""

import structlog
from celery import shared_task

from common.nudge import nudge
from notifications import actions, deliveries, mails
from notifications.models import Delivery
from notifications.postbox import Refusal, Unreachable, postbox

BATCH = 200  # letters: about a second of work
SENDERS = 2  # batches that are sent side by side
log = structlog.get_logger(__name__)


@shared_task(name="notifications.tasks.sweep_deliveries")
def sweep_deliveries() -> int:
    """Start as many senders as there is work for. How many were started."""
    due = deliveries.due_count(SENDERS * BATCH)
    senders = min(SENDERS, -(-due // BATCH))
    for _sender in range(senders):
        nudge("notifications.tasks.send_batch")
    return senders


@shared_task(name="notifications.tasks.send_batch")
def send_batch() -> int:
    """Send one batch, then ask for the next, so that other work comes in between. How many were
    sent."""
    with deliveries.sender_slot(SENDERS) as slot:
        if slot is None:
            return 0
        ids = deliveries.claim(BATCH)
        sent = _send(ids) if ids else 0
    if len(ids) == BATCH and sent:
        nudge("notifications.tasks.send_batch")
    return sent


def _send(ids: list[int]) -> int:
    """Send what was claimed; what is not sent is given back, even when this fails."""
    sent = 0
    try:
        wanted = []
        for delivery in mails.load(ids):
            if reason := mails.reason_not_to_send(delivery):
                deliveries.fail(delivery, reason)
            else:
                wanted.append(delivery)
        batch = mails.Batch(wanted)
        for delivery in wanted:
            sent += _send_one(batch, delivery)
    except Unreachable as error:
        log.warning("mail_server_unreachable", error=str(error), sent=sent)
    finally:
        if sent < len(ids):
            deliveries.release(ids)
    return sent


def _send_one(batch: mails.Batch, delivery: Delivery) -> bool:
    """Whether the mail server took it. What one letter is to blame for never holds the others up."""
    try:
        message = batch.write(delivery)
    except Exception:
        log.exception("letter_not_written", delivery=delivery.pk)
        deliveries.postpone(delivery, "it could not be written")
        return False
    try:
        postbox.send(message)
    except Refusal as error:
        if error.is_final:
            deliveries.fail(delivery, str(error))
        else:
            deliveries.postpone(delivery, str(error))
        return False
    except Unreachable:
        deliveries.put_back(delivery)
        raise
    deliveries.mark_sent(delivery.pk)
    return True


@shared_task(name="notifications.tasks.announce_closing_soon")
def announce_closing_soon() -> int:
    """Tell who took part that a process closes within two days. How many processes."""
    return actions.announce_closing_soon()
