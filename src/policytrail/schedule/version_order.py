"""How versions lie on each other: in order of their dates, what follows what, what took another one's place. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from policytrail.model.change import Change, Comparison, Severity
from policytrail.model.version import TRANSLATION, Evidence, Version

_NOT_OF_NOTICE = frozenset({"withdrawn", "compared", "retraction", "review", TRANSLATION})
KEEP_TELLING_DAYS = 30  # what can only be told afterwards is told for so long: our default
MAILED = frozenset({"started", "email", "updates"})


def order(version: Version) -> tuple[date, int]:
    """Sorts versions by the day on which they take effect; corrections of one day by their number."""
    return version.effective, serial(version.id)


def serial(identity: str) -> int:
    """`2014-01-01` is 0, `2014-01-01.2` is 2."""
    return int(identity[11:] or 0)


def withdrawn(version: Version, as_of: date) -> bool:
    """Whether it was taken back by that day."""
    return any(evidence.kind == "withdrawn" and evidence.on <= as_of for evidence in version.evidence)


def expected(version: Version, as_of: date) -> bool:
    """Whether people may still expect a withdrawn version: up to its date, and a while after the withdrawal."""
    on = next(
        (evidence.on for evidence in version.evidence if evidence.kind == "withdrawn" and evidence.on <= as_of), None
    )
    return on is not None and (as_of < on + timedelta(days=KEEP_TELLING_DAYS) or as_of <= version.effective)


def still_expected(versions: Sequence[Version], as_of: date, corrected: Version | None = None) -> tuple[Version, ...]:
    """The withdrawn versions that a release must say it replaces: people may expect them, and no notice has said so yet.

    A correction says what the notice said that it takes over.
    """
    if corrected is not None:
        return tuple(version for version in versions if version.id in corrected.replaces)
    said = {name for version in versions if not withdrawn(version, as_of) for name in version.replaces}
    return tuple(
        version
        for version in versions
        if expected(version, as_of) and version.comparison.old is not None and version.id not in said
    )


def told_instead(version: Version, versions: Iterable[Version], as_of: date) -> tuple[Version, ...]:
    """The versions whose own notice says that they replace a withdrawn one: whom that reaches needs no other word of it."""
    return tuple(each for each in versions if version.id in each.replaces and not withdrawn(each, as_of))


def replacement(version: Version, versions: Iterable[Version]) -> Version | None:
    """The version that took its place and its notice, None while there is none."""
    return next((each for each in versions if each.corrects == version.manifest), None)


def corrected(version: Version, versions: Iterable[Version]) -> Version | None:
    """The version whose place and notice it takes over, None where it takes nobody's."""
    if version.corrects is None:
        return None
    return next((each for each in versions if each.manifest == version.corrects), None)


def carried(version: Version, versions: Sequence[Version]) -> tuple[Evidence, ...]:
    """The evidence that counts for a version's notice: its own, and that of the version whose notice it takes over."""
    own = tuple(
        evidence
        for evidence in version.evidence
        if evidence.kind not in _NOT_OF_NOTICE and evidence.record.get("stream") != "retraction"
    )
    before = corrected(version, versions)
    return (*carried(before, versions), *own) if before is not None else own


def told_by(version: Version, versions: Sequence[Version]) -> tuple[str, ...]:
    """The channels by which people may have heard of a version, `site` and `email`: a mailing counts from its first mail on."""
    kinds = {"email" if evidence.kind in MAILED else evidence.kind for evidence in carried(version, versions)}
    return tuple(sorted(kinds & {"email", "site"}))


def moved_forward(version: Version, versions: Sequence[Version]) -> bool:
    """Whether it takes effect before the date that people were first told."""
    before = corrected(version, versions)
    return before is not None and (version.effective < before.effective or moved_forward(before, versions))


def follows(version: Version, before: Version | None, as_of: date) -> bool:
    """Whether it was compared with the version that it would replace: at its release, or again since.

    What corrects the version before it on that one's own day was compared with both.
    """
    if before is None or version.comparison.old is None:
        return before is None and version.comparison.old is None
    again = (evidence for evidence in version.evidence if evidence.kind == "compared" and evidence.on <= as_of)
    if version.corrects == before.manifest or version.comparison.old == before.id:
        return True
    return any(evidence.record.get("manifest") == before.manifest for evidence in again)


def untold(found: Comparison, told: Comparison) -> tuple[Change, ...]:
    """The changes of `found` that a notice about `told` didn't tell: material or undecided ones that aren't in it."""
    known = {change.fingerprint for change in told.changes if change.severity is Severity.MATERIAL}
    looked_at = {change.fingerprint for change in told.changes if not change.undecided}
    return tuple(
        change
        for change in found.changes
        if (change.severity is Severity.MATERIAL and change.fingerprint not in known)
        or (change.undecided and change.fingerprint not in looked_at)
    )
