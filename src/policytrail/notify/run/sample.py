"""A sample to one address, and a rehearsal that sends nothing: neither touches the ledger or git."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping

from policytrail.errors import DeliveryError
from policytrail.notify.channels.channel import Mail, SenderRejected, Unreachable
from policytrail.notify.channels.message import MessageTemplate, content
from policytrail.notify.channels.sender import Sending
from policytrail.notify.ledger.enrol import Loaded, scan
from policytrail.notify.recipients.recipient_list import Listing, Recipient, Row


def send_sample(templates: Mapping[str, MessageTemplate], address: str, sending: Sending, sender: str | None) -> str:
    """Send one copy of the notice, in each language, to an address. Out: the server's last code. Raises DeliveryError."""
    channel = sending.destination.channel()
    said = ""
    try:
        for made in templates.values():
            channel.prepare()
            identity = f"test.{secrets.token_hex(12)}@{made.sender.rpartition('@')[2]}"
            outcome = channel.submit(Mail(sender or made.sender, address, "", identity, time.time(), made, "test"))
            if outcome.result != "accepted":
                raise DeliveryError(f"The sample wasn't accepted ({outcome.result}, {outcome.code.split(' #')[0]}).")
            said = outcome.code
    except (SenderRejected, Unreachable) as error:
        raise DeliveryError(str(error)) from None
    finally:
        channel.close()
    return said


def rehearse(templates: Mapping[str, MessageTemplate], listing: Listing) -> Loaded:
    """Read the whole list and put every mail together, as `notify` would."""

    def built() -> Iterator[Row]:
        for recipient in listing:
            if isinstance(recipient, Recipient):
                chosen = templates.get(recipient.language) or templates[""]
                content(chosen, recipient.address, recipient.name, "rehearsal@localhost", 0.0, "rehearsal")
            yield recipient

    return scan(Listing(listing.source, built(), None), secrets.token_bytes(32))
