"""Random histories of releases, corrections, withdrawals, notices and gaps: whatever people do, the promise holds.

The real planning and the real status run on values; only freezing to disk is left out, so that thousands of histories
can be tried. Each history has a time zone and a clock in UTC that moves by hours, and now and then goes back.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from samples import write_policy

from policytrail.classify.engine import classify
from policytrail.errors import PolicytrailError
from policytrail.model.calendar import local_day
from policytrail.model.change import Comparison, Decision, Severity
from policytrail.model.policy import Snapshot
from policytrail.model.version import Evidence, Version
from policytrail.release.gate import plan
from policytrail.release.plan import Plan, newest
from policytrail.release.recompare import rebased
from policytrail.release.reschedule import reschedule
from policytrail.schedule.status import followed, lasting, proven, status, texts_in_force
from policytrail.sources.load import load_draft
from policytrail.verify.notice_findings import in_release_order

ZONES = ["America/Los_Angeles", "Pacific/Apia", "Pacific/Kiritimati", "UTC"]
# Before a year's end, a leap day, the change to summer time, and the day that Apia skipped.
STARTS = [
    datetime(2011, 12, 20, 5, tzinfo=UTC),
    datetime(2019, 12, 20, 23, tzinfo=UTC),
    datetime(2020, 2, 20, 12, tzinfo=UTC),
    datetime(2023, 2, 25, 10, 30, tzinfo=UTC),
]
EXTRA = ["user.job_title", "user.demographic", "user.contact.phone_number"]
BASIC = ("user.name", "user.contact.email")


@cache
def sample() -> Snapshot:
    with tempfile.TemporaryDirectory() as folder:
        return load_draft(write_policy(Path(folder)) / "policy")


def draft(zone: str, extra: frozenset[str], tidy: bool, days: int, count: str) -> Snapshot:
    """The sample policy with other data collected, a comma turned into a dash, another promise."""
    base = sample()
    practices = dict(base.practices)
    practices["collection.registration"] = practices["collection.registration"].model_copy(
        update={"data": (*BASIC, *sorted(extra))}
    )
    practices["changes.material"] = practices["changes.material"].model_copy(
        update={"period_days": days, "count": count}
    )
    clauses = dict(base.clauses)
    if tidy:
        text = clauses["sharing/promise"].text.replace("information, except", "information - except")
        clauses["sharing/promise"] = clauses["sharing/promise"].model_copy(update={"text": text})
    policy = base.policy.model_copy(update={"time_zone": zone})
    return Snapshot(policy, practices, clauses, base.recipients, base.vocabulary)


def released_before(version: Version, versions: list[Version]) -> list[Version]:
    """The versions that were released before this one, by the chain of manifests."""
    by_hash = {each.manifest: each for each in versions}
    found: dict[str, Version] = {}
    before = by_hash.get(version.previous_manifest or "")
    while before is not None and before.manifest not in found:
        found[before.manifest] = before
        before = by_hash.get(before.previous_manifest or "")
    return list(found.values())


def collected(version: Version) -> set[str]:
    data: Any = version.snapshot.practices["collection.registration"].data
    return set(data)


DRAFTS = st.tuples(
    st.frozensets(st.sampled_from(EXTRA)),
    st.booleans(),
    st.sampled_from([10, 30, 60]),
    st.sampled_from(["full_days", "at_least"]),
)


class History(RuleBasedStateMachine):
    """One policy's life. `today` is the local day that the clock gives in the policy's zone."""

    def __init__(self) -> None:
        super().__init__()
        self.versions: list[Version] = []
        self.seen: dict[date, str | None] = {}

    @initialize(zone=st.sampled_from(ZONES), start=st.sampled_from(STARTS), words=DRAFTS)
    def first(self, zone: str, start: datetime, words: tuple[Any, ...]) -> None:
        self.zone, self.clock = zone, start
        self.freeze(plan(draft(zone, *words), (), (), self.today, self.today))

    @property
    def today(self) -> date:
        return local_day(self.clock, sample().policy.model_copy(update={"time_zone": self.zone}).zone)

    def freeze(self, made: Plan) -> None:
        """What a release writes: the version, the record of its site, and of what now follows it."""
        manifest = f"m{len(self.versions)}"
        before = newest(self.versions)
        shown = (Evidence("site", made.announced, {}, ""),) if made.effective > made.announced else ()
        for again in made.recompared:
            self.add(again.version, Evidence("compared", made.announced, {"manifest": manifest}, ""))
        self.versions.append(
            Version(
                made.id,
                made.effective,
                made.announced,
                made.draft,
                made.comparison,
                made.duty,
                shown,
                manifest,
                before.manifest if before else None,
                corrects=made.corrects.manifest if made.corrects else None,
                correction=made.correction,
                event=made.event,
            )
        )

    def add(self, version: Version, evidence: Evidence) -> None:
        place = next(n for n, each in enumerate(self.versions) if each.id == version.id)
        self.versions[place] = replace(self.versions[place], evidence=(*self.versions[place].evidence, evidence))

    def rulings(self, new: Snapshot, effective: date) -> tuple[Decision, ...]:
        base = followed(self.versions, effective)
        found = classify(base.snapshot, new, base.id, "draft") if base else Comparison(None, "draft")
        return tuple(
            Decision(each.id, each.fingerprint, Severity.REVIEW, "looked at", "A", "2020-01-01")
            for each in found.undecided
        )

    def pending(self) -> list[Version]:
        return [
            each.version
            for each in status(self.versions, self.today).pending
            if each.state not in ("withdrawn", "superseded")
        ]

    @rule(
        words=DRAFTS, ahead=st.sampled_from([0, 3, 11, 31, 32, 45, 61, 62, 80]), back=st.sampled_from([0, 0, 0, 0, 2])
    )
    def release(self, words: tuple[Any, ...], ahead: int, back: int) -> None:
        as_of = self.today - timedelta(days=back)  # a clock that went back
        effective, new = as_of + timedelta(days=ahead), draft(self.zone, *words)
        try:
            made = plan(new, tuple(self.versions), self.rulings(new, effective), effective, as_of)
        except PolicytrailError:
            return
        assert all(as_of >= each.announced for each in self.versions)
        # Days that a clock gives a second time, with no record of the first time, can't be known to have been: what was
        # seen on them doesn't bind. (The command refuses to be dated back; see test_release.)
        self.seen = {day: identity for day, identity in self.seen.items() if day < as_of or not back}
        self.freeze(made)

    @precondition(lambda self: self.pending())
    @rule(data=st.data(), tidy=st.booleans(), less=st.booleans())
    def correct(self, data: st.DataObject, tidy: bool, less: bool) -> None:
        version = data.draw(st.sampled_from(self.pending()))
        extra = frozenset(collected(version) - set(BASIC))
        promise: Any = version.snapshot.practices["changes.material"]
        new = draft(
            self.zone, frozenset(sorted(extra)[1:]) if less else extra, tidy, promise.period_days, promise.count
        )
        rulings = self.rulings(new, version.effective)
        try:
            made = plan(new, tuple(self.versions), rulings, version.effective, self.today)
        except PolicytrailError:
            return
        assert made.corrects is not None
        assert set(made.draft.practices["collection.registration"].data) <= collected(version)
        self.freeze(made)

    @precondition(lambda self: self.pending())
    @rule(data=st.data(), ahead=st.sampled_from([3, 15, 31, 32, 45, 61, 62, 80]))
    def move(self, data: st.DataObject, ahead: int) -> None:
        version = data.draw(st.sampled_from(self.pending()))
        effective = self.today + timedelta(days=ahead)
        try:
            self.freeze(reschedule(tuple(self.versions), version.id, effective, self.today, "why", "A"))
        except PolicytrailError:
            return

    @precondition(lambda self: self.pending())
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        version = data.draw(st.sampled_from(self.pending()))
        found = status(self.versions, self.today)
        again = rebased([each for each in lasting(found) if each.id != version.id], found, ())
        self.add(version, Evidence("withdrawn", self.today, {}, ""))
        for each in again:
            if not each.untold:
                self.add(each.version, Evidence("compared", self.today, {"manifest": each.before.manifest}, ""))

    @precondition(lambda self: self.pending())
    @rule(data=st.data(), verdict=st.sampled_from(["shown", "missing", "outage"]), ago=st.integers(0, 9))
    def look(self, data: st.DataObject, verdict: str, ago: int) -> None:
        version = data.draw(st.sampled_from(self.pending()))
        first = max(version.announced, self.today - timedelta(days=ago)) if verdict == "missing" else self.today
        record = {"verdict": verdict, "from": first.isoformat(), "to": self.today.isoformat()}
        self.add(version, Evidence("observed", self.today, record, ""))

    @precondition(lambda self: self.pending())
    @rule(data=st.data(), kind=st.sampled_from(["email", "site"]))
    def notice(self, data: st.DataObject, kind: str) -> None:
        version = data.draw(st.sampled_from(self.pending()))
        horizon = self.today + timedelta(days=400)
        before = status(self.versions, horizon).since
        self.add(version, Evidence(kind, self.today, {}, ""))
        after = status(self.versions, horizon).since
        assert all(after[identity] <= day for identity, day in before.items())  # more notice is never later

    @rule(hours=st.integers(1, 900))
    def wait(self, hours: int) -> None:
        self.seen[self.today] = getattr(status(self.versions, self.today).current, "id", None)
        self.clock += timedelta(hours=hours)

    def teardown(self) -> None:
        """At the end of each history every day of it is looked at: the status is worked out from what was known by then."""
        if self.versions:
            self.one_text_on_every_day()
            self.what_was_in_force_was_in_force()
            self.never_before_the_promised_days()
            self.nobody_is_surprised()
            self.what_was_in_force_then()

    def what_was_in_force_then(self) -> None:
        """One pass over all versions finds for each the text that the status of its day does."""
        found = texts_in_force(in_release_order(self.versions))
        for version in self.versions:
            assert found[version.manifest] == status(released_before(version, self.versions), version.announced).current

    def one_text_on_every_day(self) -> None:
        begin = self.versions[0].effective
        for day in (begin + timedelta(days=n) for n in range(0, (self.today - begin).days + 130, 3)):
            found = status(self.versions, day)
            assert found == status(list(reversed(self.versions)), day) == status(self.versions, day)
            assert found.current is not None
            known = [each for each in self.versions if each.announced <= day]
            assert len(found.superseded) + 1 + len(found.pending) == len(known)
            assert list(found.since.values()) == sorted(found.since.values())
            assert all(start <= day for start in found.since.values())

    def what_was_in_force_was_in_force(self) -> None:
        for day, identity in self.seen.items():
            if day < self.today:
                assert getattr(status(self.versions, day).current, "id", None) == identity

    def never_before_the_promised_days(self) -> None:
        found = status(self.versions, self.today + timedelta(days=400))
        for version in (each for each in self.versions if each.id in found.since):
            start = found.since[version.id]
            assert start >= version.effective
            promise = self._promise(version)
            if version.severity is Severity.MATERIAL:
                assert version.duty.days >= promise
            if version.duty.owed:
                complete, earliest = proven(version, self.versions, max(start, version.announced))
                assert complete is not None
                assert (start - complete).days >= version.duty.days
                assert start >= earliest

    def _promise(self, version: Version) -> int:
        """The days that the text in force promised when the version was announced."""
        current = status(released_before(version, self.versions), version.announced).current
        practice: Any = current.snapshot.practices["changes.material"] if current else None
        return int(practice.period_days) if practice else 0

    def nobody_is_surprised(self) -> None:
        """Whatever a text collects beyond the text before it was told in its own notice."""
        found = status(self.versions, self.today + timedelta(days=400))
        texts = [*found.superseded, *([found.current] if found.current else [])]
        for before, after in pairwise(texts):
            told = {each.after for each in after.comparison.of(Severity.MATERIAL)}
            assert collected(after) - collected(before) <= told, (before.id, after.id)


def machine(examples: int) -> Any:
    case = History.TestCase
    case.settings = settings(
        max_examples=examples,
        stateful_step_count=12,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    return case


class TestSome(machine(60)):  # type: ignore[misc]
    """A few histories with every run."""


@pytest.mark.slow
def test_many_histories() -> None:
    """`POLICYTRAIL_HISTORIES=10000` runs ten thousand of them: before a release, and when the schedule is changed."""
    from hypothesis.stateful import run_state_machine_as_test

    examples = int(os.environ.get("POLICYTRAIL_HISTORIES", "1000"))
    run_state_machine_as_test(
        History,
        settings=settings(
            max_examples=examples,
            stateful_step_count=12,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
