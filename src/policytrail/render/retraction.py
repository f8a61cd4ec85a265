"""What those are told who were told of a change that doesn't come: it will not happen, and what stays in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ..model.change import Severity
from ..model.dates import in_words
from ..model.version import Status, Version
from . import notice_parts
from .notice import Notice, host, language, sender
from .notice_parts import Item, Part
from .words import and_list, instant, sentence, worst_first


def retraction(version: Version, found: Status, on: date) -> Notice:
    """The retraction of a withdrawn version. In: how all versions stand once it is withdrawn, the day of the withdrawal.

    Pure. It goes to the people of the first mail, so it has the first mail's sender and names the day that it named.
    """
    policy = version.snapshot.policy
    day = in_words(version.effective)
    summary = (
        f"{policy.organization.name} announced a change of its document “{policy.title}” for {day}. "
        f"That change is withdrawn: it will not happen. {stays(version, found)}"
    )
    parts = (
        _announced(version), Part("stays", "What stays in force", (stays(version, found),)), _links(version, found),
        notice_parts.contact((found.current or version).snapshot), notice_parts.why_withdrawn(policy),
    )  # fmt: skip
    return Notice(
        version=f"{version.id}-withdrawn", subject=f"Our privacy policy does not change on {day}",
        language=language(policy), organization=policy.organization.name, sender=sender(policy),
        reply_to=policy.organization.email, host=host(policy.site_url), announced=on,
        announced_instant=instant(on, policy.zone), effective=version.effective, summary=summary,
        lead=(
            f"{policy.organization.name} announced a change of its document “{policy.title}” for {day}.",
            "That change is withdrawn. It will not happen, and you need do nothing.",
        ),
        parts=parts,
    )  # fmt: skip


def stays(version: Version, found: Status) -> str:
    """Which text stays in force, and which other announced changes still come."""
    current = found.current
    text = "No text of this document is in force yet."
    if current is not None:
        text = f"The text that is in force since {in_words(found.since.get(current.id, current.effective))} stays in force."
    still = _still_coming(version, found)
    if not still:
        return text
    days = and_list([in_words(each.effective) for each in still])
    verb = "The change that we announced for" if len(still) == 1 else "The changes that we announced for"
    return f"{text} {verb} {days} {'is' if len(still) == 1 else 'are'} not withdrawn."


def _still_coming(version: Version, found: Status) -> Sequence[Version]:
    """Pending versions but this one, without those that built on it and can't come without it."""
    return [
        each.version for each in found.pending
        if each.state not in ("withdrawn", "superseded") and each.version.id != version.id
        and each.version.comparison.old != version.id
    ]  # fmt: skip


def _announced(version: Version) -> Part:
    told = worst_first(version.comparison.of(Severity.MATERIAL) or version.comparison.changes)
    return Part(
        "changes", "What will not happen", ("We had announced this:",), tuple(Item(sentence(each)) for each in told)
    )


def _links(version: Version, found: Status) -> Part:
    base = version.snapshot.policy.site_url
    current = [Item("The text in force:", f"{base}versions/{found.current.id}/")] if found.current else []
    listed = [*current, Item("The text that was announced:", f"{base}versions/{version.id}/"),
              Item("All versions:", f"{base}versions/")]  # fmt: skip
    return Part("links", "Read it yourself", (), tuple(listed))
