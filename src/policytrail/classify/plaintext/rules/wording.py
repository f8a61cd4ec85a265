"""What no other rule knows, and where only a link or the place differs: for a person (FTC Deception Statement)."""

from __future__ import annotations

from policytrail.classify.plaintext.changed_passage import NEUTRAL, R, Reading, Verdict, listed, rule
from policytrail.classify.plaintext.plain_words import plain_words
from policytrail.classify.plaintext.proofs.spelling import is_english
from policytrail.classify.wording_checks.links import hosts
from policytrail.classify.wording_checks.strength_words import force_cues
from policytrail.text.alignment import steps

_UNPROVED = "The words differ, and no rule shows what that means for data"


@rule
def links(reading: Reading) -> Verdict | None:
    """The words are equal, and a link leads to another host."""
    one, two = (sorted(host for unit in side for host in hosts(unit.raw)) for side in (reading.gone, reading.come))
    if one == two or reading.old != reading.new:
        return None
    return Verdict("link.target", NEUTRAL, R, f"{listed(one) or 'no link'} became {listed(two) or 'no link'}")


@rule
def placement(reading: Reading) -> Verdict | None:
    """The same words stand where they may mean something else."""
    same = reading.old == reading.new and bool(plain_words(reading.new_text))
    return (
        Verdict("scope.placement", NEUTRAL, R, "the same words in another place or with other signs") if same else None
    )


@rule
def words(reading: Reading) -> Verdict | None:
    """Words of force in a changed sentence; anything else counts as an example or explanation."""
    cues = force_cues(reading.old, reading.new)
    if cues and reading.op == "changed":
        return Verdict("wording.force", NEUTRAL, R, "; ".join(cues[:6]))
    unread = "" if is_english(reading.new_text or reading.old_text) else ": our rules read English words only"
    return Verdict("example", NEUTRAL, R, "; ".join(cues[:6]) or _differing(reading), f"{_UNPROVED}{unread}.")


def _differing(reading: Reading) -> str:
    """The words that differ, a few of them."""
    if reading.op != "changed":
        return ""
    old, new = reading.old.split(), reading.new.split()
    changed = [step for step in steps(old, new) if not step.same][:3]
    shown = [
        f"“{' '.join(old[step.i1 : step.i2][:8])}” became “{' '.join(new[step.j1 : step.j2][:8])}”" for step in changed
    ]
    return "; ".join(shown)
