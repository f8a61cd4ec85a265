"""What the policy says about itself: notice of changes, acceptance, disputes."""

from __future__ import annotations

import re

from policytrail.classify.plaintext.changed_passage import BROADENS, NEUTRAL, M, R, Reading, Verdict, rule

_PROMISED = re.compile(r"\b(?:will|shall|agree to)\b.*\b(?:notify|notice|inform|email|e mail|post|alert|tell)\b")


@rule
def acceptance(reading: Reading) -> Verdict | None:
    """Using the service counts as agreeing (Douglas 2007; Rodman 2014)."""
    if reading.names(reading.came, "other:acceptance"):
        return Verdict("acceptance.rule", BROADENS, M, "use counts as agreement")
    return (
        Verdict("acceptance.rule", NEUTRAL, R, "acceptance")
        if reading.names(reading.went, "other:acceptance")
        else None
    )


@rule
def disputes(reading: Reading) -> Verdict | None:
    """How disputes are settled, or under which law, changes (TRUSTe, redress)."""
    differing = reading.names(reading.came | reading.went, "other:arbitration")
    return Verdict("redress", NEUTRAL, M, "disputes") if differing else None


@rule
def notice(reading: Reading) -> Verdict | None:
    """A promise to tell people of changes goes or changes (CalOPPA (b)(3); TRUSTe)."""
    about = reading.names(reading.about, "other:policy change")
    if not about or reading.log:
        return None
    lost = _PROMISED.search(reading.old) and not _PROMISED.search(reading.new)
    return Verdict("notice.channel", BROADENS if lost else NEUTRAL, M if lost else R, "notice of changes")
