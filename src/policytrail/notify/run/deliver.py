"""One notice from its refusals to its evidence: what `notify` and its workers call."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from policytrail.git.repository import Repository
from policytrail.notify.channels.sender import Sending, Tally
from policytrail.notify.ledger.ledger import open_ledger
from policytrail.notify.primitives.redact import true_at_any_stage
from policytrail.notify.recipients import identifiers
from policytrail.notify.recipients.recipient_list import Listing
from policytrail.notify.records import evidence

from .delivery_run import Delivery
from .request import NoticeRequest, Result, Say, pending
from .run_lock import exclusive


def deliver(
    request: NoticeRequest,
    listing: Listing | None,
    sending: Sending,
    say: Say,
    watch: Callable[[Tally], None] = lambda _: None,
    before: Callable[[], None] = lambda: None,
) -> Result:
    """Give the notice. `before` tries the mail server out, before anything is written anywhere.

    Raises NoticeRefusal, DeliveryError, SourceError, UsageError; each says what was done and how to go on.
    """
    version, day = pending(request.workspace, request.version, request.day, request.stream)
    with Repository(request.workspace.root) as repository:
        first = repository.first_commit()
    with (
        open_ledger(request.ledger, request.workspace, first) as ledger,
        exclusive(ledger, request.version, request.stream),
        ExitStack() as held,
    ):
        run = Delivery(request, ledger, version, day, say)
        run.refuse_foreign(version)
        for source in run.told:
            held.enter_context(exclusive(ledger, source.version.id, source.stream))
        run.take_back(listing)
        notice = run.row()
        if notice.state == "complete" and not request.retry_failed:
            say(
                f"The notice of {version.id} is complete since {identifiers.instant(notice.completed or 0)}; nothing was sent."
            )
            with ledger.begin() as connection:
                found = evidence.counts(connection, notice.notice)
            published = run.prove(notice) if found["bounced"] else None  # a record that knows what came back since
            return Result("complete", found, Tally(), None, 0, published)
        before()
        with true_at_any_stage():
            notice = run.prepare(listing)
            return run.finish(notice, run.send(notice, sending, watch))
