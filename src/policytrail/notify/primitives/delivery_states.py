"""The state machine of one delivery: what an attempt's outcome makes of it. Pure; every arrow is one committed step.

queued -> leased -> accepted -> bounced
                 -> refused | expired | in_doubt | queued again
in_doubt -> queued (sent again, the same bytes), or it stays, listed for a person
suppressed: never sent, because mail to this person is known to fail
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["queued", "leased", "accepted", "bounced", "refused", "expired", "in_doubt", "suppressed"]
STATES: tuple[State, ...] = ("queued", "leased", "accepted", "bounced", "refused", "expired", "in_doubt", "suppressed")
OPEN: tuple[State, ...] = ("queued", "leased", "in_doubt")
FAILED: tuple[State, ...] = ("refused", "expired", "in_doubt")

Result = Literal["accepted", "deferred", "refused", "dropped", "doubtful"]


@dataclass(frozen=True)
class Outcome:
    """What one attempt came to.

    accepted: 250 after the dot. deferred: 4xx, 421 or no connection. refused: 5xx on RCPT or DATA. dropped: the
    connection ended before the dot was sent. doubtful: it ended after the dot, before an answer. `code` is the
    server's code and enhanced code, without its words: they may quote the address. `provider_id`: what the provider calls
    the message that it accepted, where it says so.
    """

    result: Result
    code: str = ""
    provider_id: str = ""


@dataclass(frozen=True)
class Rules:
    """How patient a notice is. Seconds, except `doubts`: how often a doubtful delivery is sent again by itself."""

    first_wait: float = 5.0
    longest_wait: float = 4000.0
    give_up: float = 72 * 3600.0
    hold_doubtful: bool = False
    doubts: int = 3


@dataclass(frozen=True)
class Tries:
    """What a row knows of its earlier attempts: first claim (seconds since 1970), attempts, drops, doubts."""

    first: float
    attempt: int = 0
    drops: int = 0
    doubts: int = 0


@dataclass(frozen=True)
class Step:
    """The row's next state, when it is due again (seconds since 1970), and its counters."""

    state: State
    next_at: float
    tries: Tries


def step(tries: Tries, outcome: Outcome, now: float, jitter: float, rules: Rules) -> Step:
    """The arrow that an outcome takes. `jitter` in 0..1 spreads retries over half of the wait."""
    first = tries.first
    if outcome.result == "accepted":
        return Step("accepted", 0.0, Tries(first, tries.attempt + 1, tries.drops, tries.doubts))
    if outcome.result == "refused":
        return Step("refused", 0.0, Tries(first, tries.attempt + 1, tries.drops, tries.doubts))
    if outcome.result == "doubtful":
        after = Tries(first, tries.attempt + 1, tries.drops, tries.doubts + 1)
        stays = rules.hold_doubtful or after.doubts >= rules.doubts
        return Step("in_doubt" if stays else "queued", now + wait(after, jitter, rules), after)
    if outcome.result == "deferred":
        after = Tries(first, tries.attempt + 1, tries.drops, tries.doubts)
    else:
        after = Tries(first, tries.attempt, tries.drops + 1, tries.doubts)
    if now - first >= rules.give_up:
        return Step("expired", 0.0, after)
    return Step("queued", now + wait(after, jitter, rules), after)


def wait(tries: Tries, jitter: float, rules: Rules) -> float:
    """Seconds until the next attempt: doubling from the first wait to the longest, with jitter."""
    failures = min(tries.attempt + tries.drops, 30)
    whole = min(rules.first_wait * float(2 ** max(failures - 1, 0)), rules.longest_wait)
    return whole * (0.75 + 0.5 * jitter)


def recovered(known_unsent: bool, hold_doubtful: bool) -> State:
    """A leased row of a run that died: back to the queue, unless its mail may be out and doubtful ones are held."""
    return "in_doubt" if hold_doubtful and not known_unsent else "queued"
