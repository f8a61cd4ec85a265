"""Once a text is in force: what regimes ask for afterwards, and whether the published site says what holds."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import render_samples as samples
from hypothesis import given
from hypothesis import strategies as st

from conftest import Cli
from policytrail.errors import NoticeRefusal, RepositoryError
from policytrail.model.calendar import add_months
from policytrail.model.version import Duty, Evidence, Status, Version
from policytrail.publish.build_site import refuse_blocked
from policytrail.render.api import documents
from policytrail.render.state.site_view import SiteView
from policytrail.schedule.later_duties import told_late
from policytrail.schedule.status import status
from policytrail.site_monitor.staleness import stale
from policytrail.site_monitor.verdict import DATA, Fetched

HIPAA = Duty(0, "at_least", (), ("site",), ("hipaa",))
DAY = date(2014, 1, 1)


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2014-01-01", 12, "2015-01-01"),
        ("2013-12-31", 2, "2014-02-28"),
        ("2014-11-30", 1, "2014-12-30"),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last(day: str, months: int, found: str) -> None:
    assert add_months(date.fromisoformat(day), months).isoformat() == found


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(1, 240))
def test_months_never_go_back_and_miss_no_month(day: date, months: int) -> None:
    found = add_months(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day <= day.day and (found.day == day.day or (found + timedelta(days=1)).day == 1)


def sound() -> tuple[Version, ...]:
    """The sample's versions, of which the first two owed no notice."""
    one, two, three = samples.versions()
    nothing = Duty(0, "at_least", (), (), ())
    return replace(one, duty=nothing), replace(two, duty=nothing), three


def in_force(duty: Duty, *evidence: Evidence, regimes: tuple[str, ...] = ()) -> tuple[Version, ...]:
    """The sample's versions, the last one in force since 2014-01-01 under a duty, and what was recorded."""
    one, two, three = sound()
    policy = three.snapshot.policy.model_copy(update={"regimes": regimes})
    shown = Evidence("site", date(2013, 12, 1), {}, "e" * 64)
    three = replace(three, duty=duty, evidence=(shown, *evidence), snapshot=replace(three.snapshot, policy=policy))
    return one, two, three


def record(kind: str, on: str, **content: Any) -> Evidence:
    return Evidence(kind, date.fromisoformat(on), content, "e" * 64)


def test_hipaa_everyone_is_told_within_sixty_days_after() -> None:
    versions = in_force(HIPAA)
    assert status(versions, date(2013, 12, 31)).due == ()
    found = status(versions, DAY)
    assert found.current is not None and found.current.id == versions[-1].id
    assert [(each.by, "post or email (hipaa)" in each.what) for each in found.due] == [(date(2014, 3, 2), True)]
    assert status(versions, date(2014, 3, 2)).broken == ()
    late = status(versions, date(2014, 3, 3))
    assert "within 60 days, by 2 March 2014" in late.broken[0]
    with pytest.raises(NoticeRefusal, match="60 days"):
        refuse_blocked(late)
    assert status(in_force(replace(HIPAA, regimes=("promise",))), date(2014, 3, 3)).due == ()


@pytest.mark.parametrize(
    ("evidence", "done"),
    [
        ((record("post", "2014-02-01"),), True),
        ((record("email", "2013-12-05", counts={"accepted": 9}),), True),
        ((record("email", "2013-12-05", counts={"accepted": 99, "bounced": 1}),), False),  # paper where an email failed
        ((record("email", "2013-12-05", counts={"accepted": 99, "bounced": 1}), record("post", "2014-01-09")), True),
        ((record("in_app", "2014-01-09"),), False),
    ],
)
def test_hipaa_post_or_a_mail_that_reached_all_will_do(evidence: tuple[Evidence, ...], done: bool) -> None:
    assert (status(in_force(HIPAA, *evidence), date(2014, 4, 1)).due == ()) is done


def test_who_may_be_told_when_it_is_in_force() -> None:
    version = sound()[-1]
    at_once = Duty(0, "at_least", (), ("email", "site"), ("legal-required",), before=False)
    usual = Duty(30, "full_days", ("email", "site"), (), ("promise",))
    duties = (HIPAA, at_once, replace(at_once, all_of=("site",)), replace(at_once, all_of=()), usual)
    assert [told_late(replace(version, duty=each)) for each in duties] == [True, True, False, False, False]


def test_ccpa_a_review_every_twelve_months() -> None:
    duty = Duty(0, "full_days", ("site",), (), ("ccpa",))
    found = status(in_force(duty, regimes=("ccpa",)), DAY)
    assert [each.by for each in found.due] == [date(2015, 1, 1)]
    assert "ccpa: every 12 months" in found.due[0].what
    again = status(in_force(duty, record("review", "2014-12-15"), regimes=("ccpa",)), date(2015, 6, 1))
    assert [each.by for each in again.due] == [date(2015, 12, 15)]
    assert again.broken == ()  # a reminder, no refusal


def published(as_of: date, **changes: Any) -> tuple[Status, dict[str, Any]]:
    """The sample's status on a day, and the notice.json of a site built for that day."""
    found = status(sound(), as_of)
    data = documents.notice(SiteView(sound(), found))
    return found, data | changes


def sentences(found: Status, data: object) -> list[str]:
    return list(stale({DATA: Fetched(200, json.dumps(data).encode())}, found))


def test_a_site_of_today_or_yesterday_is_fresh() -> None:
    found, data = published(date(2013, 12, 20))
    assert sentences(found, data) == []
    assert sentences(status(sound(), date(2013, 12, 21)), data) == []


def test_what_is_stale_is_said() -> None:
    found, data = published(date(2013, 12, 20))
    old = status(sound(), date(2013, 12, 22))
    assert "built for 2013-12-20, 2 days ago" in sentences(old, data)[0]
    assert "a day that hasn't come" in sentences(found, data | {"as_of": "2013-12-21"})[0]
    pending = found.pending[0].version
    assert f"doesn't announce {pending.id}" in sentences(found, data | {"pending": []})[0]
    gone = replace(found, pending=())
    assert "announces a version that isn't pending" in sentences(gone, data)[0]
    other = data | {"current": data["pending"][0]}
    assert f"says that {pending.id} is in force" in sentences(found, other)[0]


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"as_of": "soon"}', b'{"as_of": 7}', b"[" * 100_000])
def test_a_site_that_is_not_ours_is_stale(body: bytes) -> None:
    found, _ = published(date(2013, 12, 20))
    (said,) = stale({DATA: Fetched(200, body)}, found)
    assert "no api/v1/notice.json that policytrail wrote" in said


@pytest.mark.parametrize("data", [{"current": 7, "pending": 3}, {"current": [], "pending": [1, None, {"manifest": 2}]}])
def test_nonsense_in_it_is_no_crash(data: dict[str, Any]) -> None:
    found, _ = published(date(2013, 12, 20))
    assert sentences(found, data | {"as_of": "2013-12-20"})


def test_a_site_that_is_away_proves_nothing() -> None:
    found, _ = published(date(2013, 12, 20))
    with pytest.raises(RepositoryError, match="doesn't answer"):
        stale({DATA: Fetched(None, error="URLError")}, found)


@pytest.mark.slow
def test_status_exits_with_3_on_a_stale_site(released: Path) -> None:
    cli = Cli(released)
    assert cli("build", "--as-of", "2020-03-01").exit_code == 0
    words = ("status", "--published", "site", "--format", "json", "--as-of")
    fresh = cli(*words, "2020-03-02")
    assert (fresh.exit_code, json.loads(fresh.stdout)["problems"]) == (0, [])
    old = cli(*words, "2020-03-03")
    assert (old.exit_code, "2 days ago" in json.loads(old.stdout)["problems"][0]) == (3, True), old.output
    assert cli("status", "--published", "nowhere").exit_code == 2
    assert cli("status", "--published", "http://127.0.0.1:1/").exit_code == 1
