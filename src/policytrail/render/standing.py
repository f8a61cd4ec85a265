"""Sentences that say since when and until when a text is in force; true on the page even if nothing is rebuilt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from ..model.dates import in_words
from ..model.version import Standing, Version
from ..schedule.stack import KEEP_TELLING_DAYS
from .notice import subject
from .view import SiteView
from .words import instant, instant_words


@dataclass(frozen=True)
class Banner:
    """One sentence for every page while a version is pending, and where it links to."""

    sentence: str
    version: str


@dataclass(frozen=True)
class Phase:
    """What a banner says between two instants (None: no bound), and the address it links to."""

    begins: str | None
    ends: str | None
    sentence: str
    label: str
    url: str


def dates(view: SiteView, version: Version) -> tuple[str, ...]:
    """The dates of one version in sentences, with the time zone where an instant matters."""
    state = view.state(version)
    zone = version.snapshot.policy.zone
    if state == "effective":
        return _current(view, version)
    other = view.replaced_by(version)
    if state == "superseded" and other is not None:
        return (f"Replaced before it took effect by version {other.id}, due on {in_words(other.effective)}.",)
    if state == "superseded":
        end = view.until(version)
        first = in_words(version.effective)
        replaced = f", and replaced on {in_words(end)}" if end else ""
        return ("This is an old text. It is no longer in force.", f"It was in force from {first}{replaced}.")
    if state == "withdrawn":
        return ("Withdrawn. This text never took effect and won't.", *_retracted(view, version))
    if state == "blocked":
        return (_held(next(each for each in view.pending if each.version.id == version.id)),)
    takes = "It takes effect" if state == "noticed" else "It is due to take effect"
    return ("Not yet in force.", f"{takes} on {instant_words(version.effective, zone)}.")


def _retracted(view: SiteView, version: Version) -> tuple[str, ...]:
    owed, since = view.retracted(version)
    if owed:
        return ("Those who were told of it by email are still to be told so.",)
    return (f"Those who were told of it by email were told so by {in_words(since)}.",) if since else ()


def _current(view: SiteView, version: Version) -> tuple[str, ...]:
    since = f"In force since {in_words(version.effective)}"
    if view.next is None:
        return (f"{since}.",)
    return (_until(since, view.next), _from(view.next))


def _until(since: str, coming: Standing) -> str:
    end = instant_words(coming.version.effective, coming.version.snapshot.policy.zone)
    return f"{since}, until {end}." if coming.state == "noticed" else f"{since}."


def _from(coming: Standing) -> str:
    day = in_words(coming.version.effective)
    if coming.state == "blocked":
        return _held(coming)
    if coming.state == "noticed":
        return f"From {day} a new text is in force."
    return f"A new text is due to take effect on {day}, once the notice that it needs is proven."


def _held(coming: Standing) -> str:
    return (
        f"The text announced for {in_words(coming.version.effective)} isn't in force: the notice that it needs isn't "
        f"proven. It can't take effect before {in_words(coming.earliest_effective)}."
    )


def banner(view: SiteView) -> Banner | None:
    """The banner of the site's own pages: what is pending, else what people could only be told afterwards, else None."""
    coming, told = view.next, view.told_lately
    sentences = [_told_afterwards(view, version) for version, _ in told]
    if coming is not None:
        return Banner(" ".join([_all_ahead(view.pending), *sentences]), coming.version.id)
    return Banner(" ".join(sentences), told[0][0].id) if told else None


def _told_afterwards(view: SiteView, version: Version) -> str:
    if view.state(version) == "withdrawn":
        return (
            f"The change of our privacy policy announced for {in_words(version.effective)} is withdrawn. "
            "The text in force stays as it is."
        )
    return subject(version.comparison, version.effective).replace(" changes on ", " changed on ", 1) + "."


def _all_ahead(pending: Sequence[Standing]) -> str:
    """Every announced change in one banner: two in a row are told together, not one after the other."""
    first, *further = pending
    also = (f" It also changes on {subject(each.version.comparison, each.version.effective).partition(' on ')[2]}."
            for each in further if each.state != "blocked")  # fmt: skip
    return _ahead(first) + "".join(also)


def _ahead(coming: Standing) -> str:
    version = coming.version
    if coming.state == "blocked":
        return "A new text of our privacy policy has been announced. It isn't in force yet."
    return f"{subject(version.comparison, version.effective)}."


def phases(view: SiteView) -> tuple[Phase, ...]:
    """What a banner on another site says and when: before each pending version's date, and for a while after."""
    base = view.policy.site_url
    found: list[Phase] = []
    begins: str | None = None
    if view.told_lately and not view.pending:
        return (_lately(view),)
    if view.status.current and not view.pending:
        return tuple(_afterwards(view.status.current, base, True))
    for number, coming in enumerate(view.pending):
        version, label = coming.version, "Read what changes"
        held = coming.state == "blocked"
        ends = None if held else instant(version.effective, version.snapshot.policy.zone)
        found.append(
            Phase(begins, ends, _all_ahead(view.pending[number:]), label, f"{base}versions/{version.id}/notice/")
        )
        begins = ends
        if held:
            return tuple(found)
    last = view.pending[-1] if view.pending else None
    return (*found, *(_afterwards(last.version, base, last.state == "noticed") if last else ()))


def _lately(view: SiteView) -> Phase:
    (first, on), *_ = view.told_lately
    sentence = " ".join(_told_afterwards(view, version) for version, _ in view.told_lately)
    until = instant(on + timedelta(days=KEEP_TELLING_DAYS), first.snapshot.policy.zone)
    return Phase(None, until, sentence, "Read more", f"{view.policy.site_url}versions/{first.id}/")


def _afterwards(version: Version, base: str, certain: bool) -> list[Phase]:
    if version.comparison.old is None:
        return []
    zone, day = version.snapshot.policy.zone, version.effective
    told = subject(version.comparison, day)
    sentence = (
        told.replace(" changes on ", " changed on ", 1)
        if certain
        else (f"Our privacy policy was due to change on {in_words(day)}. The policy says which text is in force.")
    )
    label, url = ("Read what changed", f"{base}versions/{version.id}/changes/") if certain else ("Read it", base)
    ends = instant(day.fromordinal(day.toordinal() + KEEP_TELLING_DAYS), zone)
    return [Phase(instant(day, zone), ends, sentence.rstrip(".") + ".", label, url)]
