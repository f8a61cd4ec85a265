"""A mail server that misbehaves at random: each delivery ends in the state that was foreseen, the run ends, the counts agree."""

from __future__ import annotations

import collections
import random
from pathlib import Path

import pytest
import sqlalchemy as sa
from notice_samples import made as frozen_mail
from notices import listed, people
from sinks import Server, Sink

from policytrail.notify.channels.channel import Options, Timeouts
from policytrail.notify.channels.message import MessageTemplate, message_template
from policytrail.notify.channels.sender import Sender, Sending
from policytrail.notify.channels.smtp.destination import smtp
from policytrail.notify.ledger import schema
from policytrail.notify.ledger.ledger import open_ledger
from policytrail.notify.ledger.queue import Queue
from policytrail.notify.primitives.delivery_states import Rules
from policytrail.notify.records.evidence import counts
from policytrail.workspace import Workspace

# What each behaviour of the sink must come to, and how many copies the sink then has (None: it may have any number).
PASSES_NEVER = {
    "b421": ("expired", 0),
    "b451": ("expired", 0),
    "d452": ("expired", 0),
    "droprcpt": ("expired", 0),
    "garbage": ("expired", 0),
    "b550": ("refused", 0),
    "d550": ("refused", 0),
    "dropdot": ("in_doubt", 3),
    "dotgarbage": ("in_doubt", 3),
    "hang": ("in_doubt", None),
}
PASSES_ONCE = {
    name: ("accepted", 2 if name in ("dropdot", "dotgarbage") else None if name == "hang" else 1)
    for name in PASSES_NEVER
    if name not in ("b550", "d550")
}
ENDS = (
    {"ok": ("accepted", 1), "slow": ("accepted", 1), "late": ("accepted", 1)}
    | PASSES_NEVER
    | {f"once-{name}": end for name, end in PASSES_ONCE.items()}
)


@pytest.fixture(scope="module")
def made() -> MessageTemplate:
    return message_template(frozen_mail().eml)


def troubled(chance: random.Random) -> list[str]:
    """A hundred who are fine, and of each trouble one or two in a hundred."""
    found = [f"{name}+{number}@example.org" for name in ENDS for number in range(chance.randint(1, 2))]
    found += people(100)
    chance.shuffle(found)
    return found


def ends_as_foreseen(folder: Path, made: MessageTemplate, seed: int) -> None:
    chance = random.Random(seed)
    addresses = troubled(chance)
    sink = Sink()
    sink.pipelining, sink.late = bool(seed % 2), 0.2
    with Server(sink) as at, open_ledger(f"sqlite:///{folder}/{seed}.sqlite", Workspace(folder), "") as ledger:
        notice = listed(ledger, folder, addresses)
        sending = Sending(
            smtp(at.url, Options(timeouts=Timeouts(command=1.0, dot=1.0))),
            "a@example.org",
            {"": made},
            chance.randint(2, 12),
            patience=1.0,
        )
        Sender(Queue(ledger, notice, Rules(first_wait=0.05)), sending).run()
        with ledger.begin() as connection:  # three days later
            connection.execute(schema.delivery.update().where(schema.delivery.c.state == "queued").values(next_at=0.0))
        Sender(Queue(ledger, notice, Rules(give_up=0.0)), sending).run()
        with ledger.begin() as connection:
            found = dict(connection.execute(sa.select(schema.delivery.c.address, schema.delivery.c.state)).all())
            summed = {state: number for state, number in counts(connection, notice).items() if number}
    assert {each: found[each] for each in addresses} == {each: foreseen(each)[0] for each in addresses}
    assert summed == collections.Counter(foreseen(each)[0] for each in addresses)
    for each in addresses:
        copies, expected = sink.of(each), foreseen(each)[1]
        assert expected is None or len(copies) == expected, each
        assert len({(mail.message_id, mail.date, mail.body) for mail in copies}) <= 1, each


def foreseen(address: str) -> tuple[str, int | None]:
    return ENDS.get(address.partition("+")[0], ("accepted", 1)) if "+" in address else ("accepted", 1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_each_delivery_ends_as_foreseen(tmp_path: Path, made: MessageTemplate, seed: int) -> None:
    ends_as_foreseen(tmp_path, made, seed)
