"""The calendar and the status: pure, never early, the same answer for the same input."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policytrail.model.change import Change, Comparison, Consent, Direction, Severity
from policytrail.model.policy import Snapshot
from policytrail.model.version import Duty, Evidence, Version
from policytrail.schedule.calendar import earliest_effective, instant, latest_complete, local_day
from policytrail.schedule.regimes import REGIMES
from policytrail.schedule.status import complete_on, status
from policytrail.sources.load import load_draft
from samples import write_policy

DAYS = st.dates(date(2000, 1, 1), date(2040, 1, 1))
COUNTS = st.sampled_from(["full_days", "at_least"])


def test_the_promise_of_2014() -> None:
    # "for 30 days prior": complete by 1 December for 1 January, because neither end counts.
    assert earliest_effective(date(2013, 12, 1), 30, "full_days") == date(2014, 1, 1)
    assert earliest_effective(date(2013, 12, 2), 30, "at_least") == date(2014, 1, 1)
    assert latest_complete(date(2014, 1, 1), 30, "full_days") == date(2013, 12, 1)


@given(DAYS, st.integers(0, 400), COUNTS)
def test_forward_and_backward_agree(day: date, days: int, count: str) -> None:
    earliest = earliest_effective(day, days, count)  # type: ignore[arg-type]
    assert latest_complete(earliest, days, count) == day  # type: ignore[arg-type]
    assert (earliest - day).days == days + (count == "full_days")


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Apia", "Pacific/Kiritimati", "UTC", "Asia/Kathmandu"])
def test_a_day_begins_at_local_midnight(zone: str) -> None:
    day = date(2014, 1, 1)
    assert local_day(instant(day, ZoneInfo(zone)), ZoneInfo(zone)) == day
    assert local_day(instant(day, ZoneInfo(zone)) - timedelta(seconds=1), ZoneInfo(zone)) == day - timedelta(days=1)


def test_ci_in_utc_does_not_call_it_tomorrow() -> None:
    late = datetime(2014, 1, 1, 7, 30, tzinfo=ZoneInfo("UTC"))
    assert local_day(late, ZoneInfo("America/Los_Angeles")) == date(2013, 12, 31)


DUTY = Duty(30, "full_days", ("email", "site"), (), ("promise",))
BOTH = replace(DUTY, any_of=(), all_of=("email", "site"))


def proof(kind: str, on: date) -> Evidence:
    return Evidence(kind, on, {}, "")


def test_any_of_takes_the_first_and_all_of_the_last_channel() -> None:
    found = [proof("site", date(2020, 1, 1)), proof("email", date(2020, 1, 5))]
    assert complete_on(DUTY, found, date(2020, 2, 1)) == date(2020, 1, 1)
    assert complete_on(BOTH, found, date(2020, 2, 1)) == date(2020, 1, 5)
    assert complete_on(BOTH, found[:1], date(2020, 2, 1)) is None
    assert complete_on(BOTH, found, date(2020, 1, 4)) is None


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return load_draft(write_policy(tmp_path_factory.mktemp("policy")) / "policy")


MATERIAL = Change("c00000000", "collection.data.added", "a.b", None, Direction.BROADENS, Severity.MATERIAL, None, "x",
                  Consent.NONE, "r", "collection.data", "s", proposed=Severity.MATERIAL)  # fmt: skip


def version(
    snapshot: Snapshot,
    effective: date,
    announced: date,
    duty: Duty,
    evidence: tuple[Evidence, ...] = (),
    previous: str | None = None,
) -> Version:
    changes = (MATERIAL,) if duty.days else ()
    comparison = Comparison("old" if previous else None, effective.isoformat(), changes)
    return Version(
        effective.isoformat(),
        effective,
        announced,
        snapshot,
        comparison,
        duty,
        evidence,
        effective.isoformat(),
        previous,
    )


NOTHING = Duty(0, "at_least", (), (), ())


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[date, date, Duty, tuple[Evidence, ...]]]:
    """Versions in order of their dates; some announced late, some with late, missing or several proofs."""
    found, effective, announced = [], date(2010, 1, 1), date(2010, 1, 1)
    for _ in range(draw(st.integers(1, 5))):
        announced += timedelta(days=draw(st.integers(0, 60)))
        effective = max(effective, announced) + timedelta(days=draw(st.integers(0, 90)))
        duty = draw(st.sampled_from([NOTHING, DUTY, BOTH, replace(DUTY, count="at_least")]))
        kinds = draw(st.lists(st.sampled_from(["site", "email", "withdrawn"]), max_size=2, unique=True))
        proofs = tuple(proof(kind, announced + timedelta(days=draw(st.integers(0, 80)))) for kind in kinds)
        found.append((effective, announced, duty, proofs))
        effective += timedelta(days=1)
    return found


@given(histories(), st.dates(date(2009, 12, 1), date(2012, 1, 1)))
@settings(max_examples=400, deadline=None)
def test_never_early_and_exactly_one_text_in_force(
    snapshot: Snapshot, history: list[tuple[date, date, Duty, tuple[Evidence, ...]]], day: date
) -> None:
    versions, previous = [], None
    for effective, announced, duty, proofs in history:
        versions.append(version(snapshot, effective, announced, duty, proofs, previous))
        previous = versions[-1].manifest
    found = status(versions, day)
    assert found == status(versions, day)
    in_force = [*found.superseded, *([found.current] if found.current else [])]
    for each in in_force:
        assert each.effective <= day
        assert not any(one.kind == "withdrawn" and one.on <= day for one in each.evidence)
        if each.duty.days:
            complete = complete_on(each.duty, each.evidence, day)
            assert complete is not None
            assert earliest_effective(complete, each.duty.days, each.duty.count) <= day
    known = [each for each in versions if each.announced <= day]
    assert len(in_force) + len(found.pending) == len(known)
    # What builds on a version that isn't in force isn't either.
    assert [each.id for each in in_force] == [each.id for each in known if each.id in {one.id for one in in_force}]


@given(histories(), st.dates(date(2009, 12, 1), date(2012, 1, 1)))
@settings(max_examples=100, deadline=None)
def test_more_evidence_never_makes_it_later(
    snapshot: Snapshot, history: list[tuple[date, date, Duty, tuple[Evidence, ...]]], day: date
) -> None:
    bare = [version(snapshot, *each[:3], tuple(one for one in each[3] if one.kind == "site")) for each in history]
    more = [version(snapshot, *each[:3], tuple(one for one in each[3] if one.kind != "withdrawn")) for each in history]
    in_force = [
        {each.id for each in (*found.superseded, *([found.current] if found.current else []))}
        for found in (status(bare, day), status(more, day))
    ]
    assert in_force[0] <= in_force[1]


def test_states_in_words(snapshot: Snapshot) -> None:
    first = version(snapshot, date(2010, 1, 1), date(2010, 1, 1), NOTHING)
    late = version(
        snapshot, date(2011, 1, 1), date(2010, 11, 1), BOTH, (proof("site", date(2010, 11, 1)),), first.manifest
    )
    waiting = status([first, late], date(2010, 11, 15)).pending[0]
    assert waiting.state == "announcing"
    assert waiting.due[0].by == date(2010, 12, 1)
    assert "email and site" in waiting.due[0].what
    blocked = status([first, late], date(2011, 1, 1))
    assert blocked.current == first
    assert blocked.pending[0].state == "blocked"
    assert "2011-02-01 at the earliest" in blocked.problems[0]


def test_every_regime_names_its_source() -> None:
    assert len(REGIMES) >= 20
    assert all(each.source for each in REGIMES.values())
