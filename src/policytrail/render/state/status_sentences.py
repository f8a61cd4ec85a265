"""Sentences that say since when and until when a text is in force; true on the page even if nothing is rebuilt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from policytrail.languages import ENGLISH, Catalogue
from policytrail.model.version import Version, VersionState
from policytrail.render.notice.subject import also_subject, subject, subject_afterwards
from policytrail.render.shared.phrases import instant, instant_words
from policytrail.schedule.version_order import KEEP_TELLING_DAYS

from .site_view import SiteView, has_notice, told_on


@dataclass(frozen=True)
class Banner:
    """One sentence for every page while a version is pending, its version, and the page that it links to."""

    sentence: str
    version: str
    page: str


@dataclass(frozen=True)
class Phase:
    """What a banner says between two instants (None: no bound), and the address it links to."""

    begins: str | None
    ends: str | None
    sentence: str
    label: str
    url: str


def dates(view: SiteView, version: Version, words: Catalogue = ENGLISH) -> tuple[str, ...]:
    """The dates of one version in sentences, with the time zone where an instant matters, and what isn't known of its notice."""
    return (*_dates(view, version, words), *taken_over(version, words))


def taken_over(version: Version, words: Catalogue = ENGLISH) -> tuple[str, ...]:
    """Where a version comes from that wasn't released here; nothing for one that was."""
    if version.imported is None:
        return ()
    path, commit, day = version.imported["path"], version.imported["commit"][:10], version.announced
    return (
        words.say(
            "Taken over from the git history of {path} (commit {commit} of {day}). There is no record of a notice.",
            path=path,
            commit=commit,
            day=words.day(day),
        ),
    )


def _dates(view: SiteView, version: Version, words: Catalogue) -> tuple[str, ...]:
    state, say, day = view.state(version), words.say, words.day
    zone = version.snapshot.policy.zone
    if state == "effective":
        return _current(view, version, words)
    other = view.replaced_by(version)
    if state == "superseded" and other is not None:
        due = day(other.effective)
        return (say("Replaced before it took effect by version {id}, due on {day}.", id=other.id, day=due),)
    if state == "superseded":
        return (say("This is an old text. It is no longer in force."), _was(view, version, words))
    if state == "withdrawn":
        return (say("Withdrawn. This text never took effect and won't."), *_retracted(view, version, words))
    if state == "blocked":
        return (_held(next(each for each in view.pending if each.version.id == version.id), words),)
    takes = "It takes effect on {when}." if state == "noticed" else "It is due to take effect on {when}."
    return (say("Not yet in force."), say(takes, when=instant_words(version.effective, zone, words)))


def _retracted(view: SiteView, version: Version, words: Catalogue) -> tuple[str, ...]:
    owed, since = view.retracted(version)
    if owed:
        return (words.say("Those who were told of it by email are still to be told so."),)
    if since is None:
        return ()
    return (words.say("Those who were told of it by email were told so by {day}.", day=words.day(since)),)


def _was(view: SiteView, version: Version, words: Catalogue) -> str:
    first, end = words.day(version.effective), view.until(version)
    if end is None:
        return words.say("It was in force from {first}.", first=first)
    return words.say("It was in force from {first}, and replaced on {end}.", first=first, end=words.day(end))


def _current(view: SiteView, version: Version, words: Catalogue) -> tuple[str, ...]:
    since, coming = words.day(version.effective), view.next
    if coming is None or coming.state != "noticed":
        alone = words.say("In force since {day}.", day=since)
        return (alone,) if coming is None else (alone, _from(coming, words))
    end = instant_words(coming.version.effective, coming.version.snapshot.policy.zone, words)
    return (words.say("In force since {day}, until {end}.", day=since, end=end), _from(coming, words))


def _from(coming: VersionState, words: Catalogue) -> str:
    day = words.day(coming.version.effective)
    if coming.state == "blocked":
        return _held(coming, words)
    if coming.state == "noticed":
        return words.say("From {day} a new text is in force.", day=day)
    return words.say("A new text is due to take effect on {day}, once the notice that it needs is proven.", day=day)


def _held(coming: VersionState, words: Catalogue) -> str:
    return words.say(
        "The text announced for {day} isn't in force: the notice that it needs isn't proven. It can't take effect before "
        "{earliest}.",
        day=words.day(coming.version.effective),
        earliest=words.day(coming.earliest_effective),
    )


def banner(view: SiteView, words: Catalogue = ENGLISH) -> Banner | None:
    """The banner of the site's own pages: what is pending, else what people could only be told afterwards, else None."""
    coming, told = view.next, view.told_lately
    sentences = [_told_afterwards(view, version, words) for version, _ in told]
    if coming is not None:
        about, sentences = coming.version, [_all_ahead(view.pending, words), *sentences]
        return Banner(" ".join(sentences), about.id, told_on(about))
    return Banner(" ".join(sentences), told[0][0].id, told_on(told[0][0])) if told else None


def _told_afterwards(view: SiteView, version: Version, words: Catalogue) -> str:
    if view.state(version) == "withdrawn":
        return words.say(
            "The change of our privacy policy announced for {day} is withdrawn. The text in force stays as it is.",
            day=words.day(version.effective),
        )
    return subject_afterwards(version.comparison, version.effective, words) + "."


def _all_ahead(pending: Sequence[VersionState], words: Catalogue) -> str:
    """Every announced change in one banner: two in a row are told together, not one after the other."""
    first, *further = pending
    also = (
        f" {also_subject(state.version.comparison, state.version.effective, words)}."
        for state in further
        if state.state != "blocked"
    )
    return _ahead(first, words) + "".join(also)


def _ahead(coming: VersionState, words: Catalogue) -> str:
    version = coming.version
    if coming.state == "blocked":
        return words.say("A new text of our privacy policy has been announced. It isn't in force yet.")
    return f"{subject(version.comparison, version.effective, words)}."


def phases(view: SiteView, words: Catalogue = ENGLISH, language: str = "") -> tuple[Phase, ...]:
    """What a banner on another site says and when: before each pending version's date, and for a while after.

    For readers of a translation: its words and its tag; they are led to the notice in their language where there is one.
    """
    base = view.policy.site_url
    found: list[Phase] = []
    begins: str | None = None
    if view.told_lately and not view.pending:
        return (_lately(view, words),)
    if view.status.current and not view.pending:
        return tuple(_afterwards(view.status.current, base, True, words))
    for number, coming in enumerate(view.pending):
        version, label = coming.version, words.say("Read what changes")
        held = coming.state == "blocked"
        ends = None if held else instant(version.effective, version.snapshot.policy.zone)
        own = f"{language}/" if language in view.snapshot(version).translations and has_notice(version) else ""
        sentence, url = _all_ahead(view.pending[number:], words), f"{base}{told_on(version)}{own}"
        found.append(Phase(begins, ends, sentence, label, url))
        begins = ends
        if held:
            return tuple(found)
    last = view.pending[-1] if view.pending else None
    return (*found, *(_afterwards(last.version, base, last.state == "noticed", words) if last else ()))


def _lately(view: SiteView, words: Catalogue) -> Phase:
    (first, on), *_ = view.told_lately
    sentence = " ".join(_told_afterwards(view, version, words) for version, _ in view.told_lately)
    until = instant(on + timedelta(days=KEEP_TELLING_DAYS), first.snapshot.policy.zone)
    return Phase(None, until, sentence, words.say("Read more"), f"{view.policy.site_url}versions/{first.id}/")


def _afterwards(version: Version, base: str, certain: bool, words: Catalogue) -> list[Phase]:
    if version.comparison.old is None:
        return []
    zone, day = version.snapshot.policy.zone, version.effective
    sentence = (
        subject_afterwards(version.comparison, day, words) + "."
        if certain
        else words.say(
            "Our privacy policy was due to change on {day}. The policy says which text is in force.", day=words.day(day)
        )
    )
    url = f"{base}versions/{version.id}/changes/" if certain else base
    label = words.say("Read what changed" if certain else "Read it")
    ends = instant(day.fromordinal(day.toordinal() + KEEP_TELLING_DAYS), zone)
    return [Phase(instant(day, zone), ends, sentence, label, url)]
