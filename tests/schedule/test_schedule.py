"""The calendar and the status: pure, never early, the same answer for the same input."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import write_policy

from policytrail.model.calendar import earliest_effective, instant, latest_complete, local_day
from policytrail.model.change import Change, Comparison, Consent, Direction, Severity
from policytrail.model.policy import Snapshot
from policytrail.model.version import Duty, Evidence, Version
from policytrail.schedule.duties.consent import asked
from policytrail.schedule.duties.notice_duty import duty
from policytrail.schedule.duties.regimes import REGIMES, binding, unknown
from policytrail.schedule.notice_completion import gaps, site_since
from policytrail.schedule.status import complete_on, status
from policytrail.sources.load import load_draft

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


MATERIAL = Change(
    "c00000000",
    "collection.data.added",
    "a.b",
    None,
    Direction.BROADENS,
    Severity.MATERIAL,
    None,
    "x",
    Consent.NONE,
    "r",
    "collection.data",
    "s",
    proposed=Severity.MATERIAL,
)


def version(
    snapshot: Snapshot,
    effective: date,
    announced: date,
    duty: Duty,
    evidence: tuple[Evidence, ...] = (),
    previous: str | None = None,
) -> Version:
    changes = (MATERIAL,) if duty.days else ()
    comparison = Comparison(previous, effective.isoformat(), changes)  # in these tests a manifest is its version's id
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
    for effective, announced, owed, proofs in history:
        versions.append(version(snapshot, effective, announced, owed, proofs, previous))
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
    def told(kinds: set[str]) -> list[Version]:
        listed: list[Version] = []
        for effective, announced, owed, proofs in history:
            before = listed[-1].manifest if listed else None
            kept = tuple(one for one in proofs if one.kind in kinds)
            listed.append(version(snapshot, effective, announced, owed, kept, before))
        return listed

    bare, more = told({"site"}), told({"site", "email"})
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


# Each row as the sources have it: days, count, any of, all of, days for other changes, consent.
ROWS: dict[str, tuple[object, ...]] = {
    "promise": (None, "full_days", "", "", None, "no"),
    "promise-at-least-30": (30, "at_least", "email site", "", None, "no"),
    "minor": (3, "full_days", "site", "", 3, "no"),
    "ftc": (0, "full_days", "email site", "", None, "held_data"),
    "truste": (None, "full_days", "email site", "", None, "held_data"),
    "caloppa": (None, "full_days", "", "", None, "no"),
    "ccpa": (0, "full_days", "site", "", None, "held_data"),
    "colorado": (30, "full_days", "email in_app", "", None, "held_data"),
    "minnesota": (0, "full_days", "", "email site", None, "withdrawal"),
    "connecticut": (0, "full_days", "", "email site", None, "withdrawal"),
    "new-jersey": (0, "full_days", "", "email site", None, "held_data"),
    "gdpr": (30, "full_days", "", "email site", None, "basis"),
    "uk": (30, "full_days", "", "email site", None, "basis"),
    "coppa": (0, "full_days", "", "email", None, "always"),
    "glba": (30, "full_days", "email post", "", None, "withdrawal"),
    "hipaa": (0, "at_least", "", "site", None, "no"),
    "pipeda": (0, "full_days", "", "email", None, "always"),
    "quebec": (0, "full_days", "", "email", 0, "always"),
    "lgpd": (0, "full_days", "", "email", None, "withdrawal"),
    "korea": (30, "full_days", "", "site", 7, "always"),
    "merger": (30, "full_days", "email site", "", None, "held_data"),
    "legal-required": (0, "at_least", "", "", None, "no"),
    "safety": (0, "at_least", "", "", None, "no"),
}


def test_the_table_of_regimes_row_by_row() -> None:
    assert set(REGIMES) == set(ROWS)
    for name, row in ROWS.items():
        regime = REGIMES[name]
        found = (regime.days, regime.count, " ".join(regime.any_of), " ".join(regime.all_of), regime.other_days)
        assert (*found, regime.consent) == row, name
        assert regime.source
    assert {each.id for each in REGIMES.values() if each.event} == {"merger", "legal-required", "safety"}
    afterwards = {
        each.id: (each.after_days, each.after, each.review_months)
        for each in REGIMES.values()
        if each.after_days is not None or each.review_months is not None
    }
    assert afterwards == {"hipaa": (60, ("post", "email"), None), "ccpa": (None, (), 12)}
    gates, all_languages, raising = (
        {each.id for each in REGIMES.values() if getattr(each, name)} for name in ("gate", "all_languages", "raises")
    )
    assert (gates, all_languages, raising) == ({"truste"}, {"gdpr", "quebec"}, {"colorado", "gdpr", "uk"})
    told_more = {"ftc", "caloppa", "ccpa", "gdpr", "uk", "coppa", "glba", "hipaa", "korea", "merger", "legal-required"}
    assert {each.id for each in REGIMES.values() if each.content} == told_more
    assert REGIMES["truste"].gate
    assert not REGIMES["legal-required"].event.waits  # type: ignore[union-attr]


def bound(snapshot: Snapshot, *names: str, **promise: object) -> Snapshot:
    policy = snapshot.policy.model_copy(update={"regimes": names})
    made = snapshot.practices["changes.material"].model_copy(update=promise)
    return replace(snapshot, policy=policy, practices={**snapshot.practices, "changes.material": made})


def material(rule: str = "collection.data", direction: Direction = Direction.BROADENS) -> Comparison:
    return Comparison("old", "new", (replace(MATERIAL, rule=rule, direction=direction),))


EDITORIAL_ONLY = Comparison(
    "old", "new", (replace(MATERIAL, severity=Severity.EDITORIAL, proposed=Severity.EDITORIAL),)
)


def test_the_strictest_combination_wins(snapshot: Snapshot) -> None:
    def owed(*names: str, comparison: Comparison = material(), **promise: object) -> tuple[object, ...]:  # noqa: B008
        found = duty(comparison, bound(snapshot, *names, **promise), bound(snapshot, *names, **promise))
        return found.days, found.count, found.any_of, found.all_of

    assert owed("promise") == (30, "full_days", ("email", "site"), ())
    assert owed("promise", "gdpr") == (30, "full_days", (), ("email", "site"))
    assert owed("promise", "colorado") == (30, "full_days", ("email",), ())  # one channel that satisfies both
    assert owed("promise", "glba", "hipaa") == (30, "full_days", ("email", "post"), ("site",))
    assert owed("promise", "colorado", period_days=10) == (30, "full_days", ("email",), ())
    assert owed("promise", "coppa", period_days=60, count="at_least") == (60, "at_least", (), ("email",))
    assert owed("promise", "promise-at-least-30", period_days=30) == (30, "full_days", ("email", "site"), ())
    # "Before" is before the day begins: a notice on the day itself comes too late.
    assert owed("ftc", period_days=0, count="at_least") == (0, "full_days", ("email", "site"), ())
    # A regime that these changes don't set off adds nothing; what nobody can place counts as worse.
    assert owed("promise", "glba", comparison=material("security.measure"), period_days=10)[0] == 10
    assert owed("promise", "glba", comparison=material("recipient.category"), period_days=10)[0] == 30
    # Some regimes want to be told of every change.
    assert owed("promise", comparison=EDITORIAL_ONLY) == (0, "at_least", (), ())
    assert owed("promise", "minor", comparison=EDITORIAL_ONLY) == (3, "full_days", ("site",), ())
    assert owed("promise", "korea", comparison=EDITORIAL_ONLY) == (7, "full_days", (), ("site",))
    assert owed("promise", "quebec", comparison=EDITORIAL_ONLY) == (0, "full_days", (), ("email",))


def test_the_longest_promise_of_all_texts_around_governs(snapshot: Snapshot) -> None:
    sixty, ten = (bound(snapshot, "promise", period_days=days) for days in (60, 10))
    assert duty(material(), ten, ten).days == 10
    assert duty(material(), ten, sixty).days == 60
    assert duty(material(), sixty, ten).days == 60
    assert duty(material(), ten, ten, sixty).days == 60
    # Regimes of either side bind: dropping one doesn't free its own change.
    assert duty(material(), bound(snapshot, "gdpr"), bound(snapshot, "promise")).all_of == ("email", "site")


def test_consent_follows_from_the_regimes(snapshot: Snapshot) -> None:
    practice = "collection.registration"

    def needed(*names: str, change: Change = MATERIAL, **of_practice: object) -> Consent:
        base = bound(snapshot, *names)
        changed = base.practices[practice].model_copy(update=of_practice)
        new = replace(base, practices={**base.practices, practice: changed})
        return asked(replace(change, subject=practice, rule="collection.data"), bound(snapshot, "promise"), new).consent

    held, fresh = {"applies_to": "all_data"}, {"applies_to": "collected_from_effective"}
    assert [needed("promise", **each) for each in ({}, held, fresh)] == [Consent.NONE] * 3
    assert [needed("ftc", **each) for each in ({}, held, fresh)] == [Consent.ASK, Consent.REQUIRED, Consent.NONE]
    assert [needed("coppa", **each) for each in ({}, held, fresh)] == [Consent.REQUIRED] * 3
    assert [needed("gdpr", **each) for each in ({}, {"legal_basis": "consent"})] == [Consent.NONE, Consent.REQUIRED]
    assert needed("ccpa", **held) is Consent.NONE  # asks about a sale, and this is none
    assert needed("ftc", change=replace(MATERIAL, direction=Direction.NARROWS), **held) is Consent.NONE
    assert needed("coppa", change=replace(MATERIAL, severity=Severity.EDITORIAL)) is Consent.NONE
    assert needed("promise", change=replace(MATERIAL, consent=Consent.REQUIRED)) is Consent.REQUIRED  # never less


def test_a_regime_that_nobody_knows_is_refused() -> None:
    assert unknown(["promise", "gpdr"]) == ("gpdr",)
    assert binding(["merger", "promise", "promise"]) == (REGIMES["promise"],)


def test_mail_that_lost_too_many_people_is_no_notice() -> None:
    mail = replace(DUTY, any_of=("email",))
    few = Evidence("email", date(2020, 1, 2), {"counts": {"accepted": 95, "refused": 5, "duplicate": 40}}, "")
    many = Evidence("email", date(2020, 1, 2), {"counts": {"accepted": 94, "bounced": 6}}, "")
    assert complete_on(mail, [few], date(2020, 2, 1)) == date(2020, 1, 2)
    assert complete_on(mail, [many], date(2020, 2, 1)) is None
    assert complete_on(DUTY, [many, proof("site", date(2020, 1, 9))], date(2020, 2, 1)) == date(2020, 1, 9)


@given(
    st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["shown", "missing", "outage"])), max_size=12),
    st.integers(0, 45),
)
def test_the_run_of_the_site_holds_no_day_that_was_missing(looks: list[tuple[int, str]], until: int) -> None:
    begin = date(2020, 1, 1)
    records = [
        Evidence("observed", begin + timedelta(days=n), {"verdict": verdict}, "")
        for n, verdict in sorted(looks, key=lambda each: each[0])
    ]
    known = [each for each in records if each.on <= begin + timedelta(days=until)]
    since = site_since(known)
    missing = gaps(known, begin, begin + timedelta(days=99))
    if since is None:
        shown = [each.on for each in known if each.record["verdict"] == "shown"]
        assert not shown or max(missing) >= max(shown)
    else:
        assert not [day for day in missing if day > since]
        assert any(each.on == since and each.record["verdict"] == "shown" for each in known)
