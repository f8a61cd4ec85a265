"""A sample to one address, and a rehearsal that sends nothing: neither touches the ledger or git."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping

from policytrail.errors import DeliveryError
from policytrail.notify.ledger.enrol import Loaded, scan
from policytrail.notify.recipients.recipient_list import Listing, Recipient, Row
from policytrail.notify.smtp.connection import Connection, Unreachable
from policytrail.notify.smtp.message import Letter, content
from policytrail.notify.smtp.protocol import OurFault
from policytrail.notify.smtp.sender import Sending


def send_sample(letters: Mapping[str, Letter], address: str, sending: Sending, sender: str | None) -> str:
    """Send one copy of the notice, in each language, to an address. Out: the server's last code. Raises DeliveryError."""
    connection = Connection(sending.server, sending.timeouts)
    said = ""
    try:
        for made in letters.values():
            connection.open()
            identity = f"test.{secrets.token_hex(12)}@{made.sender.rpartition('@')[2]}"
            mail = content(made, address, "", identity, time.time(), "test")
            outcome = connection.send(sender or made.sender, address, mail)
            if outcome.result != "accepted":
                raise DeliveryError(f"The sample wasn't accepted ({outcome.result}, {outcome.code.split(' #')[0]}).")
            said = outcome.code
    except (OurFault, Unreachable) as error:
        raise DeliveryError(str(error)) from None
    finally:
        connection.close()
    return said


def rehearse(letters: Mapping[str, Letter], listing: Listing) -> Loaded:
    """Read the whole list and put every mail together, as `notify` would."""

    def built() -> Iterator[Row]:
        for recipient in listing:
            if isinstance(recipient, Recipient):
                chosen = letters.get(recipient.language) or letters[""]
                content(chosen, recipient.address, recipient.name, "rehearsal@localhost", 0.0, "rehearsal")
            yield recipient

    return scan(Listing(listing.source, built(), None), secrets.token_bytes(32))
