"""The edge cases that lawyers raise about notice, each with its default, as people meet them: real git, real commands."""

from __future__ import annotations

import email
import html
import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from email import policy as email_policy
from pathlib import Path

import pytest
from notices import write_list
from places import ROOT
from samples import commit, edit
from world import ALL, JOB, PURPOSE, REWORDED, TYPO, World

from policytrail.archive.store import load_versions
from policytrail.model.calendar import earliest_effective, latest_complete
from policytrail.model.version import Duty, Evidence
from policytrail.schedule.notice_completion import complete_on, gaps, site_since
from policytrail.workspace import Workspace

Make = Callable[..., World]


@pytest.fixture
def world(tmp_path: Path) -> Make:
    """Makes the sample repository, with edits before its first release."""

    def make(*edits: tuple[str, str, str], choice: bool = False) -> World:
        return World(tmp_path / "repo", *edits, choice=choice)

    return make


def announced(make: Make, *edits: tuple[str, str, str]) -> World:
    """A material version for 2020-04-01, announced on 2020-03-01."""
    made = make().edit(*(edits or (JOB,)))
    made.release("2020-04-01", "2020-03-01")
    return made


def regimes(*names: str) -> tuple[str, str, str]:
    return ("policy.yaml", "regimes: [promise]", f"regimes: [{', '.join(['promise', *names])}]")


def proof(kind: str, on: str, **record: object) -> Evidence:
    return Evidence(kind, date.fromisoformat(on), record, "")


def test_case_01_days_are_calendar_days_of_the_policys_zone(world: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    made = world().edit(JOB)
    for weekday in range(7):  # no day of the week, weekend or holiday shifts anything
        day = date(2020, 12, 21) + timedelta(days=weekday)
        lawful = day + timedelta(days=31)
        made.release(str(lawful), str(day), "--dry-run")
        refused = made.release(str(lawful - timedelta(days=1)), str(day), "--dry-run", status=3)
        assert str(lawful) in refused.stderr
    # 05:00 in UTC on 1 March is still 29 February in Los Angeles.
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1583038800")
    assert json.loads(made.run("status", "--format", "json").stdout)["as_of"] == "2020-02-29"


def test_case_02_two_named_ways_to_count(world: Make) -> None:
    made = world((ALL, "count: full_days", "count: at_least")).edit(JOB)
    made.release("2020-03-30", "2020-03-01", "--dry-run", status=3)
    made.release("2020-03-31", "2020-03-01", "--dry-run")
    full = earliest_effective(date(2020, 3, 1), 30, "full_days")
    assert (full, earliest_effective(date(2020, 3, 1), 30, "at_least")) == (date(2020, 4, 1), date(2020, 3, 31))


def test_case_03_the_promise_of_the_worked_example() -> None:
    version = next(each for each in load_versions(Workspace(ROOT)) if each.id == "2014-01-01")
    assert (version.duty.days, version.duty.count) == (30, "full_days")
    assert latest_complete(version.effective, version.duty.days, "full_days") == date(2013, 12, 1)
    assert latest_complete(version.effective, version.duty.days, "at_least") == date(2013, 12, 2)


def test_case_04_a_version_takes_effect_at_local_midnight_and_says_so(world: Make) -> None:
    made = announced(world)
    notice = made.notice("2020-03-10")
    assert notice["pending"][0]["effective"] == {"date": "2020-04-01", "instant": "2020-04-01T00:00:00-07:00"}
    site = made.root / "site"
    assert "2020-04-01T00:00:00-07:00" in (site / "feed.json").read_text()
    assert "1 April 2020 at 00:00 (America/Los Angeles time, UTC-07:00)" in (site / "upcoming/index.html").read_text()
    assert (made.current("2020-03-31"), made.current("2020-04-01")) == ("2020-01-01", "2020-04-01")


def test_case_05_the_mail_is_complete_with_its_last_acceptance(world: Make) -> None:
    made = world(regimes("gdpr")).edit(JOB)  # email and site, both
    made.release("2020-04-15", "2020-03-01")
    made.evidence("2020-04-15", "started", "2020-03-01", {"ledger": "one"})
    assert made.pending("2020-03-12", "2020-04-15")["state"] == "announcing"
    made.evidence("2020-04-15", "email", "2020-03-10", {"counts": {"accepted": 40}, "total": 40})
    found = made.pending("2020-03-12", "2020-04-15")
    assert (found["notice_complete"], found["earliest_effective"]) == ("2020-03-10", "2020-04-10")
    # Retries that came later don't move the day where the site's notice ran since the first attempts; else they do.
    late = proof("email", "2020-03-14", first_attempts_on="2020-03-05")
    duty = Duty(30, "full_days", (), ("email", "site"), ())
    assert complete_on(duty, [proof("site", "2020-03-01"), late], date(2020, 4, 1)) == date(2020, 3, 5)
    assert complete_on(duty, [proof("site", "2020-03-07"), late], date(2020, 4, 1)) == date(2020, 3, 14)


def test_case_06_the_site_counts_from_the_last_unbroken_run(world: Make) -> None:
    made = announced(world)
    site = made.site("2020-03-05")
    made.run("observe", str(site), "--as-of", "2020-03-05")
    front = site / "index.html"
    whole = front.read_text()
    front.write_text(whole.replace("policy-notice", "something-else"))
    refused = made.run("observe", str(site), "--as-of", "2020-03-08", status=3)
    assert "the banner on the front page" in refused.stderr
    front.write_text(whole)
    made.run("observe", str(site), "--as-of", "2020-03-10")
    found = made.pending("2020-03-11", "2020-04-01")
    assert (found["state"], found["notice_complete"], found["earliest_effective"]) == (
        "blocked",
        "2020-03-10",
        "2020-04-10",
    )
    assert found["gaps"] == ["2020-03-08"]
    assert (made.current("2020-04-09"), made.current("2020-04-10")) == ("2020-01-01", "2020-04-01")
    # An outage of the whole site says nothing about the notice.
    outage = [proof("site", "2020-03-01"), proof("observed", "2020-03-04", verdict="outage")]
    assert site_since(outage) == date(2020, 3, 1)


def test_case_07_any_of_takes_the_first_complete_channel_all_of_the_last(world: Make) -> None:
    made = announced(world)  # email or site
    assert made.pending("2020-03-02", "2020-04-01")["notice_complete"] == "2020-03-01"
    made.evidence("2020-04-01", "email", "2020-03-20", {"counts": {"accepted": 3}, "total": 3})
    assert made.pending("2020-03-21", "2020-04-01")["notice_complete"] == "2020-03-01"
    both = Duty(30, "full_days", (), ("email", "site"), ())
    records = [proof("site", "2020-03-01"), proof("email", "2020-03-20")]
    assert complete_on(both, records, date(2020, 4, 1)) == date(2020, 3, 20)
    # A channel that was complete, but not kept, doesn't count.
    records += [proof("observed", "2020-03-22", verdict="missing")]
    assert complete_on(both, records, date(2020, 4, 1)) is None


def test_case_08_bounced_people_are_counted_and_covered_or_need_a_second_way(world: Make) -> None:
    made = announced(world)
    made.evidence("2020-04-01", "email", "2020-03-02", {"counts": {"accepted": 97, "bounced": 3}, "total": 100})
    found = made.pending("2020-03-05", "2020-04-01")
    assert found["state"] == "noticed"
    assert any("3 of 100 people" in each and "site covers them" in each for each in found["remarks"])


def test_case_08_where_mail_must_reach_all_who_bounced_gets_post(world: Make) -> None:
    made = world(regimes("gdpr")).edit(JOB)
    made.release("2020-04-15", "2020-03-01")
    made.evidence("2020-04-15", "email", "2020-03-02", {"counts": {"accepted": 97, "bounced": 3}, "total": 100})
    assert made.pending("2020-03-05", "2020-04-15")["state"] == "announcing"
    made.run("attest", "2020-04-15", "email", "--note", "x", "--by", "A. Clerk", status=2)
    made.run(
        "attest", "2020-04-15", "post", "--note", "3 letters, receipt 77", "--by", "A. Clerk", "--as-of", "2020-03-06"
    )
    assert made.pending("2020-03-07", "2020-04-15")["notice_complete"] == "2020-03-06"
    # Over 5% unreachable a person must look, whatever covers them.
    many = {"counts": {"accepted": 90, "bounced": 10}, "total": 100}
    mail = Duty(30, "full_days", ("email",), (), ())
    assert complete_on(mail, [proof("email", "2020-03-02", **many)], date(2020, 4, 1)) is None
    decided = many | {"decision": {"by": "A. Lawyer", "reason": "old accounts"}}
    assert complete_on(mail, [proof("email", "2020-03-02", **decided)], date(2020, 4, 1)) == date(2020, 3, 2)


def test_case_09_who_was_still_deferred_at_the_cut_off_is_covered_by_the_site(world: Make) -> None:
    made = announced(world)
    made.evidence("2020-04-01", "email", "2020-03-06", {"counts": {"accepted": 99, "expired": 1}, "total": 100})
    found = made.pending("2020-03-07", "2020-04-01")
    assert found["notice_complete"] == "2020-03-01"
    assert any("1 of 100 people" in each for each in found["remarks"])


def test_case_10_the_legal_notice_goes_to_everyone_and_offers_no_way_off_the_list(world: Make) -> None:
    made = announced(world)
    raw = (made.root / "versions/2020-04-01/notice/mail.eml").read_bytes()
    message = email.message_from_bytes(raw, policy=email_policy.default)
    assert not [name for name in message if name.lower().startswith("list-") or name.lower() == "precedence"]
    text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "also to those who get no marketing messages" in " ".join(text.split())
    listing = write_list(made.root.parent / "list.csv", ["ann@example.org", "ann@EXAMPLE.org", "bob@example.org"])
    rehearsed = made.run("notify", "2020-04-01", "--recipients", str(listing), "--dry-run", "--as-of", "2020-03-01")
    assert "2 mails would go out; 1 duplicate" in rehearsed.stderr  # one mail per address


def test_case_11_who_joins_in_the_window_sees_both_texts_and_one_is_in_force(world: Make) -> None:
    made = announced(world)
    sign_up = made.notice("2020-03-10")["sign_up"]
    assert [(each["id"], each["effective"]["date"]) for each in sign_up["show"]] == [
        ("2020-01-01", "2020-01-01"),
        ("2020-04-01", "2020-04-01"),
    ]
    assert (sign_up["binds"], sign_up["two_texts_in_force"]) == ("2020-01-01", False)
    assert made.manifest("2020-04-01")["id"] in sign_up["show"][1]["text"]
    # They need no mail. How many there were is recorded, and proves no notice.
    made.run("attest", "2020-04-01", "cohort", "--note", "41 joined", "--by", "A. Clerk", "--as-of", "2020-03-31")
    record = made.records("2020-04-01")[-1]
    assert (record["kind"], record["record"]["note"]) == ("cohort", "41 joined")
    assert made.pending("2020-03-31", "2020-04-01")["notice_complete"] == "2020-03-01"


def test_case_12_a_policy_may_bind_new_users_at_once_and_is_warned(world: Make) -> None:
    made = world((ALL, "timing: before_effective", "timing: before_effective\n  new_users: at_signup")).edit(JOB)
    assert "two texts are in force" in made.release("2020-04-01", "2020-03-01").stderr
    sign_up = made.notice("2020-03-10")["sign_up"]
    assert (sign_up["binds"], sign_up["two_texts_in_force"]) == ("2020-04-01", True)
    assert "job title" not in made.run("at", "2020-03-10").stdout
    assert "job title" not in made.run("at", "2020-03-10", "--joined", "2020-02-10").stdout
    assert "job title" in made.run("at", "2020-03-10", "--joined", "2020-03-05").stdout
    assert "--joined" in made.run("at", "2020-03-10").stderr


def test_case_13_editorial_erratum_while_one_is_pending(world: Make) -> None:
    made = announced(world).edit(TYPO)
    made.release("2020-04-01", "2020-03-20")
    manifest = made.manifest("2020-04-01.1")
    assert manifest["effective"] == "2020-04-01"
    assert manifest["corrects"] == {"id": "2020-04-01", "sha256": manifest["previous"]["sha256"]}
    correction = json.loads((made.root / "versions/2020-04-01.1/correction.json").read_text())
    assert (correction["old"], correction["severity"]) == ("2020-04-01", "editorial")
    found = made.status("2020-03-21")
    states = {each["id"]: (each["state"], each["notice_complete"]) for each in found["pending"]}
    assert states == {"2020-04-01": ("superseded", None), "2020-04-01.1": ("noticed", "2020-03-01")}
    assert made.current("2020-04-01") == "2020-04-01.1"
    assert made.run("at", "2020-04-01", "--format", "json").stdout.count("information - except") == 1
    made.run("verify", "--as-of", "2020-04-01")
    site = made.site("2020-04-01")
    assert (site / "versions/2020-04-01/index.html").is_file()
    assert "by version 2020-04-01.1" in (site / "versions/2020-04-01/index.html").read_text()
    assert "exists already" in made.edit(PURPOSE).release("2020-04-01", "2020-04-02", status=1).stderr


def test_case_13_what_the_notice_did_not_tell_is_no_erratum(world: Make) -> None:
    made = announced(world).edit(PURPOSE)
    refused = made.release("2020-04-01", "2020-03-20", status=3)
    assert "no correction" in refused.stderr
    made.edit((PURPOSE[0], PURPOSE[2], PURPOSE[1]), REWORDED)
    assert "undecided" in made.release("2020-04-01", "2020-03-20", status=3).stderr
    made.decide("editorial")
    made.release("2020-04-01", "2020-03-20")
    assert made.pending("2020-03-21", "2020-04-01.1")["notice_complete"] == "2020-03-01"


def test_case_14_material_edit_while_one_is_pending(world: Make) -> None:
    made = announced(world).edit(PURPOSE)
    refused = made.release("2020-04-14", "2020-03-15", status=3)  # its own full window, no days carried over
    assert "2020-04-15 at the earliest" in refused.stderr
    made.release("2020-04-15", "2020-03-15")
    kinds = {
        each["kind"] for each in json.loads((made.root / "versions/2020-04-15/comparison.json").read_text())["changes"]
    }
    assert kinds == {"purpose.set.added"}  # compared with the one it follows, whose changes are told by its own notice
    assert [made.current(day) for day in ("2020-03-31", "2020-04-01", "2020-04-15")] == [
        "2020-01-01",
        "2020-04-01",
        "2020-04-15",
    ]
    made.run("verify", "--as-of", "2020-04-20")


def test_case_15_a_second_change_stacks_and_is_told_together(world: Make) -> None:
    made = announced(world).edit(PURPOSE)
    made.release("2020-04-15", "2020-03-15")
    front = html.unescape((made.site("2020-03-20") / "index.html").read_text())
    assert "1 April 2020: our privacy policy changes" in front
    assert "It also changes on 15 April 2020" in front
    assert "It also changes on 15 April 2020" in (made.root / "site/notice.js").read_text()


def test_case_15_what_rewords_an_announced_change_supersedes_it(world: Make) -> None:
    made = announced(world).edit((ALL, "user.job_title", "user.demographic"))
    found = json.loads(made.cli("check", "--format", "json").stdout)["comparison"]["changes"]
    assert "user.job_title" in [each["before"] for each in found]
    for each in found:
        if each["undecided"]:
            made.run("decide", each["id"], "material", "--reason", "it is", "--by", "A. Lawyer")
    commit(made.root)
    refused = made.release("2020-05-01", "2020-03-15", status=3)
    assert "Withdraw 2020-04-01" in refused.stderr
    made.run("withdraw", "2020-04-01", "--reason", "one notice for both", "--by", "A. Lawyer", "--as-of", "2020-03-15")
    assert "2020-04-15" in made.release("2020-04-14", "2020-03-15", status=3).stderr  # a new window for both


def test_case_16_less_than_announced_needs_no_new_window(world: Make) -> None:
    made = announced(world, JOB, PURPOSE).edit((PURPOSE[0], PURPOSE[2], PURPOSE[1]))
    made.decide("review")
    made.release("2020-04-01", "2020-03-20")
    told = json.loads((made.root / "versions/2020-04-01.1/comparison.json").read_text())["changes"]
    assert [each["kind"] for each in told] == ["collection.data.added"]
    assert made.pending("2020-03-21", "2020-04-01.1")["notice_complete"] == "2020-03-01"
    feed = json.loads((made.site("2020-03-21") / "feed.json").read_text())["items"]
    assert [each["url"].split("/")[-3] for each in feed[:2]] == ["2020-04-01.1", "2020-04-01"]  # the corrected notice
    assert made.current("2020-04-01") == "2020-04-01.1"


def test_case_17_reclassified_after_the_announcement(world: Make) -> None:
    made = world().edit(JOB, REWORDED)
    wrong = made.decide("editorial")
    made.release("2020-04-01", "2020-03-01")
    made.run(
        "decide", *wrong, "material", "--reason", "on a second look", "--by", "A. Lawyer", "--effective", "2020-03-15"
    )
    commit(made.root)
    check = made.run("check", "--as-of", "2020-03-05", status=3)
    assert "its notice didn't tell a material change" in check.stderr
    # Pull it out: the same date, the notice given stands.
    made.edit((REWORDED[0], REWORDED[2], REWORDED[1]))
    made.decide("review")
    made.release("2020-04-01", "2020-03-10")
    assert made.pending("2020-03-11", "2020-04-01.1")["notice_complete"] == "2020-03-01"
    assert "didn't tell" not in made.cli("check", "--as-of", "2020-03-11").stderr
    # Or give it a notice of its own: the ruling on the same words stands.
    made.edit(REWORDED)
    commit(made.root)
    assert "2020-04-11" in made.release("2020-04-10", "2020-03-11", status=3).stderr


def test_case_18_postpone_keeps_the_notice_and_says_so_at_once(world: Make) -> None:
    made = announced(world)
    words = ("--reason", "not ready", "--by", "A. Lawyer", "--as-of", "2020-03-20")
    made.run("reschedule", "2020-04-01", "--effective", "2020-05-01", *words)
    assert made.manifest("2020-05-01")["corrects"]["id"] == "2020-04-01"
    assert made.manifest("2020-05-01")["event"] == {"id": "rescheduled", "reason": "not ready", "by": "A. Lawyer"}
    assert made.pending("2020-03-21", "2020-05-01")["notice_complete"] == "2020-03-01"
    assert [made.current(day) for day in ("2020-04-01", "2020-05-01")] == ["2020-01-01", "2020-05-01"]
    site = made.site("2020-03-21")
    assert "1 May 2020" in (site / "index.html").read_text()
    titles = [each["title"] for each in json.loads((site / "feed.json").read_text())["items"]]
    assert "The change announced for 1 April 2020 has another date" in titles
    made.run("verify", "--as-of", "2020-05-01")


def test_case_18_bring_forward_only_where_lawful_and_with_a_new_notice(world: Make) -> None:
    made = world().edit(JOB)
    made.release("2020-06-01", "2020-03-01")
    words = ("--reason", "ready", "--by", "A. Lawyer", "--as-of", "2020-03-20")
    refused = made.run("reschedule", "2020-06-01", "--effective", "2020-03-31", *words, status=3)
    assert "2020-04-01 at the earliest" in refused.stderr
    said = made.run("reschedule", "2020-06-01", "--effective", "2020-04-05", *words)
    assert "tell them the new one" in said.stderr
    letter = (made.root / "versions/2020-04-05/notice/mail.txt").read_text()
    assert "This replaces what we announced for 1 June 2020." in letter
    assert made.pending("2020-03-21", "2020-04-05")["state"] == "noticed"
    assert made.current("2020-04-05") == "2020-04-05"
    # Without a notice of the nearer date it doesn't come.
    record = made.root / "versions/2020-04-05/evidence"
    for each in record.iterdir():
        each.unlink()
    record.rmdir()
    assert made.current("2020-04-05") == "2020-01-01"


def test_case_19_withdrawal_burns_the_id_and_tells_those_already_told(world: Make) -> None:
    made = announced(world)
    made.evidence("2020-04-01", "started", "2020-03-01", {"ledger": "one"})
    made.evidence("2020-04-01", "email", "2020-03-02", {"counts": {"accepted": 9}, "total": 9})
    said = made.run("withdraw", "2020-04-01", "--reason", "no", "--by", "A. Lawyer", "--as-of", "2020-03-10")
    assert "notify 2020-04-01 --retraction" in said.stderr
    record = made.records("2020-04-01")[-1]["record"]
    assert record["told"] == ["email", "site"]
    assert "is withdrawn" in record["retraction"]["text"]
    mail = email.message_from_string(record["retraction"]["eml"], policy=email_policy.default)
    letter = " ".join(next(mail.iter_parts()).get_content().split())  # type: ignore[attr-defined]
    for words in (
        "That change is withdrawn. It will not happen",
        "The text that is in force since 1 January 2020 stays in force.",
        "We had announced this: - We ask for your job title.",
        "versions/2020-01-01/",
    ):
        assert words in letter, letter
    found = made.pending("2020-03-11", "2020-04-01")
    assert (found["state"], len(found["due"])) == ("withdrawn", 1)
    made.run(
        "attest", "2020-04-01", "retraction", "--note", "mail of 11 March", "--by", "A. Clerk", "--as-of", "2020-03-11"
    )
    assert made.pending("2020-03-11", "2020-04-01")["due"] == []
    site = made.site("2020-03-11")
    banner = html.unescape((site / "index.html").read_text())
    assert "announced for 1 April 2020 is withdrawn" in banner
    assert "announced for 1 April 2020 is withdrawn" in (site / "notice.js").read_text()
    assert json.loads((site / "feed.json").read_text())["items"][0]["id"].endswith("/withdrawn")
    assert made.notice("2020-03-11")["withdrawn"][0]["id"] == "2020-04-01"
    assert "never used again" in made.release("2020-04-01", "2020-03-12", status=1).stderr
    # The next version builds on the text in force, not on the withdrawn one, and its notice says what it replaces.
    made.release("2020-05-01", "2020-03-12")
    assert (
        "This replaces what we announced for 1 April 2020."
        in (made.root / "versions/2020-05-01/notice/mail.txt").read_text()
    )
    made.edit(TYPO).release("2020-05-01", "2020-03-12")
    assert made.manifest("2020-05-01.1")["replaces"][0]["id"] == "2020-04-01"
    made.edit(PURPOSE).release("2020-06-15", "2020-03-13")
    assert "replaces" not in made.manifest("2020-06-15")  # said once already
    assert made.manifest("2020-05-01")["follows"]["id"] == "2020-01-01"
    assert made.manifest("2020-05-01")["previous"]["id"] == "2020-04-01"
    assert made.current("2020-05-01") == "2020-05-01.1"
    made.run("verify", "--as-of", "2020-05-01")


def test_case_20_several_pending_in_order_and_one_taken_out(world: Make) -> None:
    made = announced(world).edit(PURPOSE)
    made.release("2020-04-15", "2020-03-15")
    said = made.run("withdraw", "2020-04-01", "--reason", "no", "--by", "A. Lawyer", "--as-of", "2020-03-16")
    assert "2020-04-15 builds on it and now changes more than its notice told" in said.stderr
    found = made.status("2020-04-15", 3)
    assert found["current"] == "2020-01-01"
    assert any("which was withdrawn" in each for each in found["problems"])


def test_case_20_taking_one_out_leaves_a_notice_that_stays_true(world: Make) -> None:
    made = announced(world).edit((JOB[0], JOB[2], JOB[1]), PURPOSE)  # the second drops what the first brings
    made.decide("review")
    made.release("2020-04-15", "2020-03-15")
    made.run("withdraw", "2020-04-01", "--reason", "no", "--by", "A. Lawyer", "--as-of", "2020-03-16")
    assert made.records("2020-04-15")[-1]["kind"] == "compared"
    assert made.current("2020-04-15") == "2020-04-15"
    made.run("verify", "--as-of", "2020-04-15")


def test_case_20_a_version_may_come_before_one_that_is_pending(world: Make) -> None:
    made = announced(world)
    made.edit((JOB[0], JOB[2], JOB[1]), TYPO)  # the text in force with a typing error mended
    made.run("check", "--effective", "2020-03-10", "--as-of", "2020-03-10")
    said = made.release("2020-03-10", "2020-03-10")
    assert "2020-04-01 now follows it; its notice stays true" in said.stderr
    assert made.manifest("2020-03-10")["follows"]["id"] == "2020-01-01"
    record = made.records("2020-04-01")[-1]
    assert (record["kind"], record["record"]["with"], record["record"]["untold"]) == ("compared", "2020-03-10", 0)
    assert [made.current(day) for day in ("2020-03-09", "2020-03-10", "2020-04-01")] == [
        "2020-01-01",
        "2020-03-10",
        "2020-04-01",
    ]
    made.run("verify", "--as-of", "2020-04-02")


def test_case_21_two_material_changes_within_one_period_are_warned(world: Make) -> None:
    made = announced(world).edit(PURPOSE)
    assert "would be kinder" in made.release("2020-04-15", "2020-03-15").stderr
    assert any("within 30 days" in each for each in made.pending("2020-03-20", "2020-04-15")["remarks"])


def test_case_22_without_proof_the_old_text_stays_and_only_dates_can_change(world: Make) -> None:
    made = world(regimes("gdpr")).edit(JOB)
    made.release("2020-04-15", "2020-03-01")
    result = made.run("build", "--as-of", "2020-04-15", status=3)
    assert "2020-05-16 at the earliest" in result.stderr
    assert "job title" not in (made.root / "site/policy.txt").read_text()
    made.run("verify", "--as-of", "2020-04-15", status=3)
    words = ("--reason", "the mail failed", "--by", "A. Lawyer", "--as-of", "2020-04-15")
    made.run("reschedule", "2020-04-15", "--effective", "2020-05-15", *words, status=3)
    made.run("reschedule", "2020-04-15", "--effective", "2020-05-16", *words)
    made.evidence("2020-05-16", "email", "2020-04-15", {"counts": {"accepted": 9}, "total": 9})
    assert [made.current(day) for day in ("2020-05-15", "2020-05-16")] == ["2020-01-01", "2020-05-16"]


def test_case_23_a_gap_found_later_counts_against_the_promise(world: Make) -> None:
    made = announced(world)
    site = made.site("2020-03-20")
    made.run("observe", str(site), "--as-of", "2020-03-20")
    gap = ("--version", "2020-04-01", "--missing-from", "2020-03-15", "--missing-to", "2020-03-18")
    made.run("observe", *gap, "--as-of", "2020-03-21", status=2)
    made.run("observe", *gap, "--reason", "a cache", "--by", "A. Engineer", "--as-of", "2020-03-21")
    found = made.pending("2020-03-21", "2020-04-01")
    assert found["gaps"] == ["2020-03-15", "2020-03-16", "2020-03-17", "2020-03-18"]
    assert (found["notice_complete"], found["earliest_effective"]) == ("2020-03-20", "2020-04-20")
    records = [proof("site", "2020-03-01"), proof("observed", "2020-03-09", verdict="missing")]
    assert gaps(records, date(2020, 3, 1), date(2020, 4, 1)) == (date(2020, 3, 9),)


def test_case_23_a_gap_that_comes_to_light_after_the_effect_is_named_by_verify(world: Make) -> None:
    made = announced(world)
    made.run("verify", "--as-of", "2020-04-02")
    gap = ("--version", "2020-04-01", "--missing-from", "2020-03-15", "--reason", "a cache", "--by", "A. Engineer")
    made.run("observe", *gap, "--missing-to", "2020-04-05", "--as-of", "2020-04-02", status=2)
    made.run("observe", *gap, "--missing-to", "2020-03-18", "--as-of", "2020-04-02")
    assert made.current("2020-04-02") == "2020-04-01"  # people rely on it by now
    made.run("verify", "--as-of", "2020-04-02", status=3)


def test_case_24_a_change_of_the_notice_clause_is_judged_under_the_old_promise(world: Make) -> None:
    shorter = (ALL, "period_days: 30", "period_days: 10")
    made = world().edit(shorter)
    assert "2020-04-01" in made.release("2020-03-12", "2020-03-01", status=3).stderr
    made.release("2020-04-01", "2020-03-01")
    # Nor can the shorter promise be used before it is in force, on top of the pending version.
    made.edit(JOB)
    assert "2020-04-05" in made.release("2020-04-04", "2020-03-05", status=3).stderr
    made.release("2020-04-05", "2020-03-05")
    assert made.manifest("2020-04-05")["duty"]["days"] == 30


def test_case_24_a_longer_promise_binds_its_own_introduction(world: Make) -> None:
    made = world().edit((ALL, "period_days: 30", "period_days: 60"), JOB)
    made.decide("review")
    assert "60 full days" in made.release("2020-04-01", "2020-03-01", status=3).stderr


def test_case_25_an_emergency_that_the_law_forces(world: Make) -> None:
    made = announced(world)
    made.edit(
        (JOB[0], JOB[2], JOB[1]),
        (ALL, "modality: may\n  data: [user.contact.email]", "modality: may\n  data: [user.contact.email, user.name]"),
    )
    legal = ("--event", "legal-required")
    rides = (*legal, "--citation", "Order 7/2020", "--by", "A. Lawyer")
    made.edit(JOB)  # the pending change would come early on the back of the order
    assert "doesn't bring forward" in made.release("2020-03-10", "2020-03-10", *rides, status=3).stderr
    assert "keeps its notice" in made.release("2020-04-01", "2020-03-10", *rides, status=2).stderr
    made.edit((JOB[0], JOB[2], JOB[1]))
    assert "--citation" in made.release("2020-03-10", "2020-03-10", *legal, status=2).stderr
    signed = (*legal, "--citation", "Order 7/2020", "--by", "A. Lawyer")
    # What is pending would take the forced change back unannounced: it must go first.
    assert "withdraw 2020-04-01" in made.release("2020-03-10", "2020-03-10", *signed, status=3).stderr
    made.run("withdraw", "2020-04-01", "--reason", "order", "--by", "A. Lawyer", "--as-of", "2020-03-10")
    made.edit(TYPO)
    assert "only what the law asks" in made.release("2020-03-10", "2020-03-10", *signed, status=3).stderr
    made.edit((TYPO[0], TYPO[2], TYPO[1]))
    assert "owed today" in made.release("2020-03-10", "2020-03-10", *signed).stderr
    manifest = made.manifest("2020-03-10")
    assert (manifest["event"]["citation"], manifest["event"]["by"]) == ("Order 7/2020", "A. Lawyer")
    assert manifest["duty"] == {
        "days": 0,
        "count": "at_least",
        "any_of": [],
        "all_of": ["email", "site"],
        "regimes": ["legal-required"],
        "before": False,
    }
    assert made.current("2020-03-10") == "2020-03-10"  # at once
    assert "10 March 2020: our privacy policy changed" in (made.site("2020-03-10") / "index.html").read_text()
    made.status("2020-03-11", 3)  # the notice was owed the same day
    made.run("verify", "--as-of", "2020-03-11", status=3)
    made.evidence("2020-03-10", "email", "2020-03-10", {"counts": {"accepted": 9}, "total": 9})
    made.status("2020-03-11", 0)
    made.run("verify", "--as-of", "2020-03-11")


def test_case_26_what_leaves_nobody_worse_off_may_come_at_once(world: Make) -> None:
    made = world(JOB).edit((JOB[0], JOB[2], JOB[1]))
    made.decide("review")
    made.release("2020-03-10", "2020-03-10", "--dry-run")  # a narrowing that a person looked at owes no days
    found = json.loads(made.run("check", "--format", "json").stdout)["comparison"]["changes"]
    made.run("decide", found[0]["id"], "material", "--reason", "tell everybody", "--by", "A. Lawyer")
    commit(made.root)
    made.release("2020-03-10", "2020-03-10", "--dry-run", status=3)
    safety = ("--event", "safety", "--citation", "a leak through job titles", "--by", "A. Lawyer")
    made.release("2020-03-10", "2020-03-10", *safety)
    assert made.current("2020-03-10") == "2020-03-10"
    made.run("verify", "--as-of", "2020-03-11")
    made.edit(PURPOSE)
    assert "worse off" in made.release("2020-03-11", "2020-03-11", *safety, status=3).stderr


def test_case_27_an_error_in_the_text_in_force_is_a_change_like_any_other(world: Make) -> None:
    # The published text dropped a "not": putting it back narrows, and a person looks; dropping it broadens.
    made = world(
        (ALL, "modality: does_not", "modality: may"), ("clauses/sharing/promise.md", "do not sell", "may sell")
    )
    made.edit(
        (ALL, "operations: [sell, share]", "operations: [sell, share]\n  note: restored"),
        ("clauses/sharing/promise.md", "may sell", "do not sell"),
    )
    edit(made.root, ALL, "title: No sharing\n  modality: may", "title: No sharing\n  modality: does_not")
    commit(made.root)
    found = json.loads(made.cli("check", "--format", "json").stdout)["comparison"]["changes"]
    assert {each["severity"] for each in found if each["rule"] != "sealed"} <= {
        "review",
        "material",
    }  # the note isn't text
    assert not [each for each in found if each["direction"] == "broadens"]
    made.release("2020-03-10", "2020-03-10", status=3)
    # A typing error is corrected on the day itself, under the same date.
    other = World(made.root.parent / "typo")
    other.edit(TYPO).release("2020-03-10", "2020-03-10")
    other.edit((TYPO[0], "information - except", "information -- except"))
    other.release("2020-03-10", "2020-03-10")
    assert other.current("2020-03-10") == "2020-03-10.1"
    assert other.status("2020-03-10")["superseded"] == ["2020-01-01", "2020-03-10"]
    other.run("verify", "--as-of", "2020-03-11")


def test_case_28_a_roll_back_is_a_new_version_with_its_own_judgement(world: Make) -> None:
    made = world().edit(JOB)
    made.release("2020-03-01", "2020-01-15")
    made.edit((JOB[0], JOB[2], JOB[1]))
    made.release("2020-03-10", "2020-03-10", status=3)
    made.decide("review")
    made.release("2020-03-10", "2020-03-10")
    texts = [
        json.loads((made.root / f"versions/{each}/policy.json").read_text()) for each in ("2020-01-01", "2020-03-10")
    ]
    assert texts[0] == texts[1]
    assert made.manifest("2020-01-01")["self"] != made.manifest("2020-03-10")["self"]
    assert "job title" in made.run("at", "2020-03-05").stdout


def test_case_29_reaching_data_already_held_needs_a_consent_plan(world: Make) -> None:
    reach = (ALL, "  title: Registration\n", "  title: Registration\n  applies_to: all_data\n")
    made = world(reach).edit(JOB)
    refused = made.release("2020-06-01", "2020-03-01", status=3)
    assert "consent is required" in refused.stderr
    assert "Blocks a release: collection.registration" in made.run("check", status=3).stderr
    made.edit(
        (ALL, "  applies_to: all_data\n", "  applies_to: all_data\n  consent_plan: ask\n"),
        ("policy.yaml", "sections:", "consent_plans: [{id: ask, covers: [user.contact], how: a dialog}]\nsections:"),
    )
    refused = made.release("2020-06-01", "2020-03-01", status=3)
    assert "that covers user.job_title" in refused.stderr  # the plan must be about these data
    made.edit(("policy.yaml", "covers: [user.contact]", "covers: [user.contact, user.job_title]"))
    made.release("2020-06-01", "2020-03-01")


def test_case_29_a_policy_wide_reach_needs_a_plan_for_everything(world: Make) -> None:
    made = world().edit(("policy.yaml", "sections:", "applies_to: all_data\nsections:"))
    assert "that covers user" in made.release("2020-06-01", "2020-03-01", status=3).stderr
    made.edit(("policy.yaml", "sections:", "consent_plans: [{id: ask, covers: [user], how: a dialog}]\nsections:"))
    made.release("2020-06-01", "2020-03-01")


def test_case_30_consent_is_listed_and_never_assumed(world: Make) -> None:
    reach = (ALL, "  title: Registration\n", "  title: Registration\n  applies_to: all_data\n  consent_plan: ask\n")
    plan = (
        "policy.yaml",
        "sections:",
        "consent_plans: [{id: ask, covers: [user], how: a dialog at sign-in}]\nsections:",
    )
    made = world(reach, plan).edit(JOB)
    made.release("2020-06-01", "2020-03-01")
    listed = json.loads(made.run("status", "--consent", "--as-of", "2020-06-02", "--format", "json").stdout)["consent"]
    assert [(each["version"], each["plan"], each["data"]) for each in listed] == [
        ("2020-06-01", "ask", ["user.job_title"])
    ]
    assert "isn't applied" in listed[0]["without_an_answer"]
    text = (made.root / "versions/2020-06-01/notice/mail.txt").read_text()
    assert "silence is not consent" in " ".join(text.split())
    # Time, use or a proven notice records no answer anywhere.
    assert {each["kind"] for each in made.records("2020-06-01")} == {"site"}


def test_case_31_the_way_out_must_be_open_from_the_announcement(world: Make) -> None:
    made = world(regimes("minnesota")).edit(JOB)
    assert "offers no way" in made.release("2020-06-01", "2020-03-01", status=3).stderr
    other = World(made.root.parent / "other", regimes("minnesota"), choice=True).edit(JOB)
    other.release("2020-06-01", "2020-03-01")
    assert "You can do this now, before 1 June 2020" in (other.root / "versions/2020-06-01/notice/mail.txt").read_text()


def test_case_32_a_merger_is_an_event_with_its_own_notice(world: Make) -> None:
    made = world().edit(
        ("policy.yaml", "legal_name: Example Post Ltd.", "legal_name: Big Mail Inc."),
        (ALL, "entity: Example Post Ltd.", "entity: Big Mail Inc."),
    )
    found = json.loads(made.cli("check", "--format", "json").stdout)["comparison"]["changes"]
    assert any(each["kind"].startswith("controller.") for each in found)
    made.release("2020-03-31", "2020-03-01", "--event", "merger", status=3)
    made.release("2020-04-01", "2020-03-01", "--event", "merger")
    manifest = made.manifest("2020-04-01")
    assert (manifest["event"]["id"], manifest["duty"]["days"]) == ("merger", 30)
    assert manifest["duty"]["regimes"] == ["merger", "promise"]
    made.edit(JOB)
    assert "There is no event" in made.release("2020-05-01", "2020-03-01", "--event", "marriage", status=2).stderr


def test_case_33_one_language_governs_and_every_channel_declares_it(world: Make) -> None:
    made = world(("policy.yaml", "time_zone:", "language: en-US\ntime_zone:")).edit(JOB)
    made.release("2020-04-01", "2020-03-01")
    raw = (made.root / "versions/2020-04-01/notice/mail.eml").read_bytes()
    assert email.message_from_bytes(raw, policy=email_policy.default)["Content-Language"] == "en-US"
    site = made.site("2020-03-10")
    assert '<html lang="en-US">' in (site / "upcoming/index.html").read_text()
    assert made.notice("2020-03-10")["language"] == "en-US"


def test_case_33_a_translation_that_is_behind_holds_the_release_where_every_language_counts(world: Make) -> None:
    french = ("policy.yaml", "sections:", "translations: [{id: fr, of: 0123456789abcdef}]\nsections:")
    warned = world().edit(JOB, french)
    assert "translations fr are of an older text" in warned.release("2020-04-01", "2020-03-01", "--dry-run").stderr
    held = World(warned.root.parent / "held", regimes("gdpr")).edit(JOB, french)
    assert "older text" in held.run("check", status=3).stderr
    refused = held.release("2020-04-01", "2020-03-01", status=3)
    digest = re.search(r"of: ([0-9a-f]{16})", refused.stderr)
    assert digest
    held.edit(("policy.yaml", "of: 0123456789abcdef", f"of: {digest[1]}")).release("2020-04-01", "2020-03-01")
    assert "older text" not in held.run("check").stderr
    held.edit(TYPO)  # the next text is another one
    held.release("2020-04-01", "2020-03-10", status=3)


def test_case_34_a_seals_approval_is_a_gate_before_the_announcement(world: Make) -> None:
    made = world(regimes("truste")).edit(
        JOB, (ALL, "  title: Registration\n", "  title: Registration\n  applies_to: collected_from_effective\n")
    )
    made.decide("review")
    assert "--approval" in made.run("check", status=3).stderr
    assert "--approval" in made.release("2020-04-01", "2020-03-01", status=3).stderr
    made.release("2020-04-01", "2020-03-01", "--approval", "seal case 12", "--by", "A. Lawyer")
    approval = made.manifest("2020-04-01")["approvals"][0]
    assert (approval["approval"], approval["by"], approval["on"]) == ("seal case 12", "A. Lawyer", "2020-03-01")


def test_case_35_mail_banner_page_and_feed_say_the_same_words(world: Make) -> None:
    made = announced(world)
    site = made.site("2020-03-10")
    version = next(each for each in load_versions(Workspace(made.root)) if each.id == "2020-04-01")
    message = email.message_from_bytes(
        (made.root / "versions/2020-04-01/notice/mail.eml").read_bytes(), policy=email_policy.default
    )
    subject = str(message["Subject"])
    change = version.comparison.changes[0].words
    front, page = (
        html.unescape((site / name).read_text()) for name in ("index.html", "versions/2020-04-01/notice/index.html")
    )
    item = json.loads((site / "feed.json").read_text())["items"][0]
    assert subject in front
    assert subject == item["title"] == json.loads((site / "api/v1/notice.json").read_text())["pending"][0]["subject"]
    assert subject in (site / "notice.js").read_text()
    for told in (page, item["content_text"], str(message.get_body(("plain",)).get_content())):  # type: ignore[union-attr]
        assert change in " ".join(re.sub(r"<[^>]+>", "", told).split())


def test_case_36_dates_never_hours(world: Make) -> None:
    # 30 days from 7 March 2020 cross the change to summer time, and 29 February of a leap year lies in between others.
    made = world().edit(JOB)
    made.release("2020-04-07", "2020-03-07")
    assert made.notice("2020-03-08")["pending"][0]["effective"]["instant"] == "2020-04-07T00:00:00-07:00"
    # Only days can be promised: a month has 28 to 31, and nobody should have to count them.
    edit(made.root, ALL, "period_days: 30", "period_months: 1")
    assert re.search(r"policy/practices/all.yaml:\d+: .*period_months", made.run("check", status=1).stderr)
    assert earliest_effective(date(2020, 1, 30), 30, "full_days") == date(2020, 3, 1)
    assert earliest_effective(date(2021, 1, 30), 30, "full_days") == date(2021, 3, 2)
    assert earliest_effective(date(2019, 12, 1), 30, "full_days") == date(2020, 1, 1)


def test_case_37_nothing_can_be_announced_without_a_frozen_version(world: Make) -> None:
    made = world().edit(JOB)
    assert not (made.site("2020-03-10") / "upcoming").exists()
    made.release("2020-04-01", "2020-03-01")
    manifest = next(each.manifest for each in load_versions(Workspace(made.root)) if each.id == "2020-04-01")
    site = made.site("2020-03-10")
    for told in ("upcoming/index.html", "feed.atom", "api/v1/notice.json", "versions/2020-04-01/notice/index.html"):
        assert manifest in (site / told).read_text(), told
    notice = made.root / "versions/2020-04-01/notice"
    assert manifest in (notice / "mail.html").read_text()
    headers = email.message_from_bytes((notice / "mail.eml").read_bytes(), policy=email_policy.default)
    assert str(headers["X-Policytrail-Version"]).split() == ["2020-04-01", manifest]


def test_case_38_for_children_the_parent_is_told_and_asked(world: Make) -> None:
    made = world(regimes("coppa")).edit(JOB)
    assert "consent is required" in made.release("2020-06-01", "2020-03-01", status=3).stderr
    made.edit(
        (ALL, "  title: Registration\n", "  title: Registration\n  consent_plan: parent\n"),
        ("policy.yaml", "sections:", "consent_plans: [{id: parent, covers: [user], how: a signed form}]\nsections:"),
    )
    made.release("2020-06-01", "2020-03-01")
    assert made.manifest("2020-06-01")["duty"]["all_of"] == ["email"]  # direct; the site alone isn't enough
    assert made.pending("2020-03-02", "2020-06-01")["state"] == "announcing"
