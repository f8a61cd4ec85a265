"""Steps that bring an older ledger to the present schema: one file a step, one line here, in order, never changed later.

A step gets a connection inside the one transaction that brings the ledger to the present: all of its steps, or none.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.engine import Connection

from policytrail.errors import DeliveryError

from . import m0002_audience, m0003_row_as_given, m0004_provider_id

FIRST = 1
STEPS: tuple[Callable[[Connection], None], ...] = (
    m0002_audience.upgrade,
    m0003_row_as_given.upgrade,
    m0004_provider_id.upgrade,
)
CURRENT = FIRST + len(STEPS)


def migrate(connection: Connection, schema: int) -> int:
    """Bring a ledger of an older schema to the present one. Out: the schema that it has then.

    Raises DeliveryError for a ledger that a newer release has written.
    """
    if schema > CURRENT:
        raise DeliveryError(
            f"A newer release of policytrail made this ledger (its schema is {schema}, this release knows {CURRENT}): "
            "install that release, or a later one."
        )
    for step in STEPS[schema - FIRST :]:
        step(connection)
    return CURRENT
