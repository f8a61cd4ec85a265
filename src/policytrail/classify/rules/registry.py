"""The register of rules: a rule is a few lines in a file of its family, entered by a decorator.

A rule looks at one difference and says in which direction it goes, or None when the difference isn't its business.
Severity follows from the direction by the rule's own defaults. Where several rules speak, the highest severity wins.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from policytrail.model.change import Direction, Severity
from policytrail.model.difference import Difference
from policytrail.model.policy import Section, Snapshot
from policytrail.model.terms.field_names import PracticeType

M, R, E = Severity.MATERIAL, Severity.REVIEW, Severity.EDITORIAL
BROADENS, NARROWS, NEUTRAL = Direction.BROADENS, Direction.NARROWS, Direction.NEUTRAL
NEGATIVE = frozenset({"does_not", "will_not", "prohibited", "unable"})


@dataclass(frozen=True)
class Judgement:
    """A direction with a severity of its own, where the rule's default for the direction isn't right."""

    direction: Direction
    severity: Severity
    evidence: str = ""


@dataclass(frozen=True)
class About:
    """What a rule may look at beside the difference: both snapshots and every difference found."""

    old: Snapshot
    new: Snapshot
    differences: tuple[Difference, ...]

    def came(self, practice: str) -> bool:
        """Whether the practice exists only in the new snapshot."""
        return practice in self.new.practices and practice not in self.old.practices

    def went(self, practice: str) -> bool:
        """Whether the practice exists only in the old snapshot."""
        return practice in self.old.practices and practice not in self.new.practices

    def section(self, difference: Difference) -> Section | None:
        """The section that differs (of the new side where both have it); None where it is no section."""
        for side in (self.new, self.old):
            for section in side.policy.sections:
                if difference.subject == f"section:{section.id}":
                    return section
        return None


Judge = Callable[[Difference, About], "Direction | Judgement | None"]


@dataclass(frozen=True)
class Rule:
    """One kind of change: its id, default severities by direction, why it matters and where that comes from.

    `consent`: when it broadens, also ask whether it applies to data already held. `raises`: it speaks of something that
    weighs more than the general rule of its field (sensitive data, children), so that it comes first among equals.
    """

    id: str
    reason: str
    source: str
    judge: Judge
    broadens: Severity = M
    narrows: Severity = R
    neutral: Severity = R
    consent: bool = False
    raises: bool = False

    def verdict(self, difference: Difference, about: About) -> Judgement | None:
        """What this rule says of the difference, None if nothing."""
        said = self.judge(difference, about)
        if said is None or isinstance(said, Judgement):
            return said
        return Judgement(said, {BROADENS: self.broadens, NARROWS: self.narrows, NEUTRAL: self.neutral}[said])


RULES: dict[str, Rule] = {}


def rule(
    identity: str,
    reason: str,
    source: str,
    *,
    broadens: Severity = M,
    narrows: Severity = R,
    neutral: Severity = R,
    consent: bool = False,
    raises: bool = False,
) -> Callable[[Judge], Judge]:
    """Enter a rule. Raises ValueError where the id is taken."""

    def enter(judge: Judge) -> Judge:
        if identity in RULES:
            raise ValueError(f"the rule {identity!r} is entered twice")
        RULES[identity] = Rule(identity, reason, source, judge, broadens, narrows, neutral, consent, raises)
        return judge

    return enter


def whole(difference: Difference, *types: PracticeType) -> bool:
    """Whether a whole practice of one of these types came or went."""
    return not difference.path and difference.is_of(*types)


def negative(difference: Difference) -> bool:
    """Whether the practice says what is *not* done: more of it is better for the person."""
    return difference.practice is not None and difference.practice.modality in NEGATIVE


def grows(difference: Difference) -> Direction:
    """More of what is done with data broadens, less narrows; turned round where the practice is a restraint."""
    more, less = (NARROWS, BROADENS) if negative(difference) else (BROADENS, NARROWS)
    return {"added": more, "removed": less, "changed": NEUTRAL}[difference.op]


def protects(difference: Difference) -> Direction:
    """More of a protection narrows what may be done, less of it broadens."""
    return {"added": NARROWS, "removed": BROADENS, "changed": NEUTRAL}[difference.op]


def switched(difference: Difference) -> Direction:
    """A yes/no field: to yes broadens, to no narrows, from or to `unstated` is for a person."""
    return BROADENS if difference.after is True else NARROWS if difference.before is True else NEUTRAL


def wider(difference: Difference) -> Direction | None:
    """A key replaced by its parent widens, by its child narrows; None when nothing was replaced."""
    if difference.op != "changed" or not isinstance(difference.after, str) or len(difference.path) != 2:
        return None
    broad = str(difference.before).startswith(difference.after + ".")
    if negative(difference):
        broad = not broad
    return BROADENS if broad else NARROWS
