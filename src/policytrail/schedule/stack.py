"""How versions lie on each other: in order of their dates, what follows what, what took another one's place. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from ..model.change import Change, Comparison, Severity
from ..model.version import Evidence, Version

_OF_NOTICE = frozenset({"withdrawn", "compared", "retraction"})


def order(version: Version) -> tuple[date, int]:
    """Sorts versions by the day on which they take effect; corrections of one day by their number."""
    return version.effective, serial(version.id)


def serial(identity: str) -> int:
    """`2014-01-01` is 0, `2014-01-01.2` is 2."""
    return int(identity[11:] or 0)


def withdrawn(version: Version, as_of: date) -> bool:
    """Whether it was taken back by that day."""
    return any(each.kind == "withdrawn" and each.on <= as_of for each in version.evidence)


def replacement(version: Version, versions: Iterable[Version]) -> Version | None:
    """The version that took its place and its notice, None while there is none."""
    return next((each for each in versions if each.corrects == version.manifest), None)


def corrected(version: Version, versions: Iterable[Version]) -> Version | None:
    """The version whose place and notice it took, None where it took none."""
    if version.corrects is None:  # nearly always: no need to look through them all
        return None
    return next((each for each in versions if each.manifest == version.corrects), None)


def carried(version: Version, versions: Sequence[Version]) -> tuple[Evidence, ...]:
    """The evidence that counts for a version's notice: its own, and that of the version whose notice it takes over."""
    before = corrected(version, versions)
    own = tuple(each for each in version.evidence if each.kind not in _OF_NOTICE)
    return (*carried(before, versions), *own) if before is not None else own


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
    again = (each for each in version.evidence if each.kind == "compared" and each.on <= as_of)
    if version.corrects == before.manifest or version.comparison.old == before.id:
        return True
    return any(each.record.get("manifest") == before.manifest for each in again)


def untold(found: Comparison, told: Comparison) -> tuple[Change, ...]:
    """The changes of `found` that a notice about `told` didn't tell: material or undecided ones that aren't in it."""
    known = {each.fingerprint for each in told.changes if each.severity is Severity.MATERIAL}
    looked_at = {each.fingerprint for each in told.changes if not each.undecided}
    return tuple(
        each for each in found.changes
        if (each.severity is Severity.MATERIAL and each.fingerprint not in known)
        or (each.undecided and each.fingerprint not in looked_at)
    )  # fmt: skip
