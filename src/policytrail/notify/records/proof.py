"""One person's proof that they stand in the list whose root is in git, and its check. Making one needs the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from policytrail.errors import DeliveryError, IntegrityError
from policytrail.notify.ledger import schema
from policytrail.notify.ledger.ledger import Ledger, NoticeRow
from policytrail.notify.primitives import merkle
from policytrail.notify.recipients import identifiers
from policytrail.notify.recipients.addresses import normalised

from . import evidence

FORMAT = 1


def make(ledger: Ledger, notice: NoticeRow, address: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """The proof for an address. In: the ledger, its notice, the address, the evidence that holds the root.

    Raises DeliveryError for an address that isn't in the list, IntegrityError where the ledger isn't what was proven.
    """
    mark = identifiers.rkey(ledger.key, _address(address))
    with ledger.reading() as connection:
        found = evidence.inclusion(connection, notice.notice, mark, record["tree"]["until"])
        sent = connection.execute(
            sa.select(schema.delivery.c.message_id, schema.delivery.c.state).where(
                schema.delivery.c.notice == notice.notice, schema.delivery.c.rkey == mark
            )
        ).first()
    if found is None or sent is None:
        raise DeliveryError(f"{address} isn't among the recipients of the notice of {notice.version}.")
    leaf, index, size, path, root = found
    if root.hex() != record["tree"]["root"]:
        raise IntegrityError("The ledger isn't what the evidence in git was made from: the roots differ.")
    return {
        "format": FORMAT,
        "version": notice.version,
        "stream": notice.stream,
        "message_id": sent.message_id,
        "state_now": sent.state,
        "leaf": {
            "rkey": leaf.rkey.hex(),
            "state": leaf.state,
            "accepted_at": leaf.accepted_at,
            "nonce": leaf.nonce.hex(),
        },
        "index": index,
        "size": size,
        "path": [each.hex() for each in path],
        "root": root.hex(),
    }


def _address(text: str) -> str:
    try:
        return normalised(text)
    except ValueError as error:
        raise DeliveryError(f"{text!r}: {error}.") from None


def check(proof: Mapping[str, Any], records: Sequence[Mapping[str, Any]]) -> str | None:
    """What is wrong with a proof against the evidence in git; None if it holds. Pure; needs neither ledger nor key.

    A proof holds against the record that it was made from, also when a newer one was made since.
    """
    try:
        leaf = proof["leaf"]
        digest = merkle.leaf_hash(
            bytes.fromhex(leaf["rkey"]), leaf["state"], leaf["accepted_at"], bytes.fromhex(leaf["nonce"])
        )
        path = [bytes.fromhex(each) for each in proof["path"]]
        index, size, root = int(proof["index"]), int(proof["size"]), bytes.fromhex(proof["root"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return "This isn't a proof that policytrail made."
    if (size, proof["root"]) not in [(record["tree"]["size"], record["tree"]["root"]) for record in records]:
        return "The proof's root isn't the one in git."
    if not merkle.verify(digest, index, size, path, root):
        return "The path doesn't lead from this person's entry to the root."
    return None
