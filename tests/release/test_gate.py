"""One gate: `check` and `release` give the same answer about the same draft and date, whatever both are."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from places import ROOT
from samples import clause, commit, repository
from world import ALL, CHOICE, JOB, PURPOSE, REWORDED, TYPO, World

from conftest import Cli
from policytrail.model.change import Change, Consent, Direction, Severity
from policytrail.release.refusals.rewording import rewords

Edit = tuple[str, str, str]
Make = Callable[[Path], Path]
NEXT_DATA = (ALL, "user.job_title", "user.demographic")
PROPOSED = (ALL, "  title: Registration\n", "  title: Registration\n  proposed: true\n")
FIELD = ("policy.yaml", "regimes: [promise]", "regimes: [promise]\nproposed: [time_zone]")
HELD = (ALL, "  title: Registration\n", "  title: Registration\n  applies_to: all_data\n")
LONGER = (ALL, "period_days: 30", "period_days: 45")
COUNT = (ALL, "count: full_days", "count: at_least")
GDPR = ("policy.yaml", "regimes: [promise]", "regimes: [promise, gdpr]")
NO_CHOICE = (ALL, CHOICE, "")
EDITS = [JOB, PURPOSE, REWORDED, TYPO, NEXT_DATA, PROPOSED, FIELD, HELD, LONGER, COUNT, GDPR, NO_CHOICE]
LEAVING = ("policy.yaml", "contact]", "contact, leaving]")


def with_choice(made: World) -> World:
    """A whole practice that is new, with the clause that states it."""
    practices = made.root / "policy" / ALL
    practices.write_text(practices.read_text() + CHOICE)
    text = clause("Leaving", ["choice.leave"], "You can close your account by writing to us.")
    (made.root / "policy/clauses/leaving.md").write_text(text)
    return made.edit(LEAVING)


def without_choice(root: Path) -> None:
    """The same practice and its clause taken out again."""
    for name, old in ((ALL, CHOICE), ("policy.yaml", ", leaving]")):
        path = root / "policy" / name
        path.write_text(path.read_text().replace(old, "]" if old.endswith("]") else ""))
    (root / "policy/clauses/leaving.md").unlink()


@contextmanager
def drafted(root: Path, edits: list[Edit]) -> Iterator[None]:
    """The draft with those of the edits that fit, taken back afterwards."""
    policy, kept = root / "policy", root.with_name(f"{root.name}.kept")
    shutil.copytree(policy, kept)
    try:
        for name, old, new in edits:
            path = policy / name
            path.write_text(path.read_text().replace(old, new))
        yield
    finally:
        shutil.rmtree(policy)
        shutil.move(kept, policy)


def decide_all(cli: Cli, effective: str) -> None:
    changes = json.loads(cli("check", "--format", "json", "--effective", effective).stdout)["comparison"]
    ids = [change["id"] for change in (changes or {"changes": []})["changes"] if change["undecided"]]
    if ids:
        cli("decide", *ids, "editorial", "--reason", "looked at", "--by", "Ada", "--effective", effective)


def agree(root: Path, edits: list[Edit], as_of: date, ahead: int, decide: bool) -> None:
    """Both commands on one draft and date; and the date that `check` names is lawful for `release`."""
    cli, effective = Cli(root), (as_of + timedelta(days=ahead)).isoformat()
    day = ("--as-of", as_of.isoformat())
    with drafted(root, edits):
        if decide:
            decide_all(cli, effective)
        check = cli("check", "--effective", effective, *day, "--format", "json")
        release = cli("release", "--effective", effective, *day, "--dry-run")
        assert check.exit_code == release.exit_code, (check.output, release.output)
        found = json.loads(check.stdout)
        assert bool(found["blocks"] or found["problems"]) == (release.exit_code != 0)
        if not found["problems"]:
            assert all(message in release.stderr for message in found["blocks"]), (found["blocks"], release.output)
        if found["blocks"] and all("is too early" in message for message in found["blocks"]):
            lawful = cli("release", "--effective", found["earliest_effective"], *day, "--dry-run")
            assert "too early" not in lawful.stderr, (check.output, lawful.output)
        open_end = cli("check", *day, "--format", "json")
        answer = json.loads(open_end.stdout)
        if open_end.exit_code == 0 and (answer["comparison"]["changes"] or not answer["comparison"]["old"]):
            lawful = cli("release", "--effective", answer["earliest_effective"], *day, "--dry-run")
            assert lawful.exit_code == 0, (open_end.output, lawful.output)


DRAWN = {
    "edits": st.lists(st.sampled_from(EDITS), max_size=4, unique=True),
    "as_of": st.dates(date(2019, 12, 15), date(2020, 6, 30)),
    "ahead": st.sampled_from([-3, 0, 1, 14, 30, 31, 32, 45, 46, 61, 75]) | st.integers(-40, 120),
    "decide": st.booleans(),
}


@settings(max_examples=6, suppress_health_check=list(HealthCheck))
@given(**DRAWN)
def test_check_and_release_never_disagree(
    pending_once: Path, edits: list[Edit], as_of: date, ahead: int, decide: bool
) -> None:
    agree(pending_once, edits, as_of, ahead, decide)


def _first(folder: Path) -> Path:
    return repository(folder)


def _pending(folder: Path) -> Path:
    made = World(folder).edit(JOB)
    made.release("2020-04-01", "2020-03-01")
    return made.root


def _two_pending(folder: Path) -> Path:
    made = World(folder).edit(JOB)
    made.release("2020-04-01", "2020-03-01")
    made.edit(PURPOSE).release("2020-05-15", "2020-03-05")
    return made.root


def _withdrawn(folder: Path) -> Path:
    root = _pending(folder)
    words = ("--reason", "not now", "--by", "Ada", "--as-of", "2020-03-05")
    assert Cli(root)("withdraw", "2020-04-01", *words).exit_code == 0
    return root


def _choice(folder: Path) -> Path:
    made = with_choice(World(folder))
    made.decide("material")
    made.release("2020-04-01", "2020-03-01")
    return made.root


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Repositories in every state in which somebody may ask."""
    makers: list[Make] = [_first, _pending, _two_pending, _withdrawn, _choice]
    return [make(tmp_path_factory.mktemp("worlds") / "repo") for make in makers]


@pytest.mark.slow
@settings(max_examples=120, suppress_health_check=list(HealthCheck))
@given(number=st.integers(0, 4), **DRAWN)
def test_check_and_release_never_disagree_in_any_state(
    worlds: list[Path], number: int, edits: list[Edit], as_of: date, ahead: int, decide: bool
) -> None:
    agree(worlds[number], edits, as_of, ahead, decide)


def test_the_worked_example_gets_one_answer(tmp_path: Path) -> None:
    root = tmp_path / "repo"
    for folder in ("policy", "versions"):
        shutil.copytree(ROOT / folder, root / folder)
    cli, words = Cli(root), ("--as-of", "2013-12-15", "--effective", "2014-03-01")
    check, release = cli("check", *words), cli("release", *words, "--dry-run")
    assert (check.exit_code, release.exit_code) == (1, 1), (check.output, release.output)
    assert "there is nothing to release" in check.stderr and "there is nothing to release" in release.stderr
    assert cli("check", "--as-of", "2013-12-15").exit_code == 0  # no date is asked for, so nothing is refused
    retention = root / "policy/clauses/collection/registration.md"
    retention.write_text(retention.read_text() + "\nWe also ask for your shoe size.\n")
    check, release = cli("check", *words), cli("release", *words, "--dry-run")
    assert (check.exit_code, release.exit_code) == (3, 3), (check.output, release.output)


def test_check_says_that_a_date_is_too_early_and_which_is_not(released: Path, cli: Cli) -> None:
    with drafted(released, [JOB]):
        day = ("--as-of", "2020-03-01")
        check = cli("check", "--effective", "2020-03-20", *day)
        assert (check.exit_code, "2020-03-20 is too early" in check.stderr) == (3, True), check.output
        assert "--effective 2020-04-01" in check.stderr
        assert cli("check", "--effective", "2020-04-01", *day).exit_code == 0
        comment = cli("check", "--effective", "2020-03-20", *day, "--format", "markdown").stdout
        assert "1 thing to settle before a release" in comment and "too early" in comment


def test_check_and_release_know_a_date_that_is_taken(tmp_path: Path) -> None:
    """A withdrawn version keeps its date: the first lawful day is the one after it."""
    root = _withdrawn(tmp_path / "repo")
    found = json.loads(Cli(root)("check", "--as-of", "2020-03-05", "--format", "json").stdout)
    assert found["earliest_effective"] == "2020-04-05"
    found = json.loads(Cli(root)("check", "--as-of", "2020-03-01", "--format", "json").stdout)
    assert "Time can't go back" in found["blocks"][0]


def test_a_whole_practice_that_is_announced_is_not_reworded(tmp_path: Path) -> None:
    """Frozen and live values are equal where their canonical forms are, in whatever order their fields stand."""
    root = _choice(tmp_path / "repo")
    without_choice(root)
    cli, words = Cli(root), ("--as-of", "2020-03-15", "--effective", "2020-06-01")
    found = json.loads(cli("check", *words, "--format", "json").stdout)["comparison"]["changes"]
    assert ("choice.leave", "material", None) in [
        (change["subject"], change["severity"], change["after"]) for change in found
    ]
    commit(root)
    for command in (("check", *words), ("release", *words)):
        refused = cli(*command)
        assert (refused.exit_code, "rewords what 2020-04-01 announced" in refused.stderr) == (3, True), refused.output
        assert "Withdraw 2020-04-01 and release both changes together" in refused.stderr
    assert not (root / "versions/2020-06-01").exists()


def change(before: object, after: object, subject: str = "collection.registration") -> Change:
    return Change(
        id="c00000000",
        kind="k",
        subject=subject,
        clause=None,
        direction=Direction.NEUTRAL,
        severity=Severity.MATERIAL,
        before=before,
        after=after,
        consent=Consent.NONE,
        reason="",
        rule="r",
        source="s",
    )


WHOLE = {"kind": "closure", "period": {"unit": "day", "value": 30}, "data": {"user.name": True, "user.job_title": True}}


@pytest.mark.parametrize(
    ("told", "later", "expected"),
    [
        ((None, WHOLE), (dict(reversed(WHOLE.items())), None), True),
        ((None, WHOLE), ({"unit": "day", "value": 30}, {"unit": "day", "value": 60}), True),
        ((None, WHOLE), ("user.job_title", None), True),
        ((None, WHOLE), (None, "user.demographic"), False),
        ((None, "user.job_title"), (WHOLE, None), True),
        ((None, "user.job_title"), ("user.name", None), False),
        ((30, 60), (60, 90), True),
        ((30, 60), (30, 90), False),
        (("a", None), ("b", "c"), False),
        (("A.", "We keep it for two years. We then delete it."), ("We keep it for two years.", "We keep it."), True),
        ((["a"], ["a", "b"]), (("a", "b"), ("a",)), True),
    ],
)
def test_rewording_is_known_by_the_value(
    told: tuple[object, object], later: tuple[object, object], expected: bool
) -> None:
    assert rewords(change(*later), change(*told)) is expected
    assert not rewords(change(*later, subject="another"), change(*told))
