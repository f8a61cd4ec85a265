"""Who may decide and release: real git repositories with several authors, a real SSH signature, the real command line."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from samples import commit, edit, git

from conftest import Cli, needed

ALL = "practices/all.yaml"
REVIEW = ("clauses/contact.md", "Write to", "You may write to")
MATERIAL = (ALL, "[user.name, user.contact.email]", "[user.name, user.contact.email, user.job_title]")
PEOPLE = """\
two_persons: {two}
people:
  - name: Ada Lawyer
    emails: [ada@post.example]
    may: [decide, release]
  - name: Ben Counsel
    emails: [ben@post.example, BEN@home.example]
    may: [release]
"""


Me = Callable[[str], None]


@pytest.fixture
def me(monkeypatch: pytest.MonkeyPatch) -> Me:
    """From the call on, whoever is named sits at the keyboard."""

    def sit(who: str) -> None:
        for role in ("AUTHOR", "COMMITTER"):
            monkeypatch.setenv(f"GIT_{role}_NAME", who)
            monkeypatch.setenv(f"GIT_{role}_EMAIL", f"{who}@post.example")

    return sit


@pytest.fixture
def ruled(released: Path, me: Me) -> Path:
    """A released policy, then approvers and a change that needs a ruling; Ada is at the keyboard."""
    me("ada")
    (released / "policy/approvers.yaml").write_text(PEOPLE.format(two="false"))
    edit(released, *REVIEW)
    commit(released)
    return released


def open_change(cli: Cli) -> str:
    found = json.loads(cli("check", "--format", "json").stdout)["comparison"]["changes"]
    return str(next(each["id"] for each in found if each["undecided"]))


def decide(cli: Cli, name: str) -> int:
    return cli("decide", open_change(cli), "review", "--reason", "looked at", "--by", name).exit_code


def release(cli: Cli) -> tuple[int, str]:
    result = cli("release", "--effective", "2020-03-01", "--as-of", "2020-03-01", "--reason", "ready")
    return result.exit_code, result.stderr


def test_only_a_person_who_may_decide_rules_in_their_own_name(ruled: Path, cli: Cli, me: Me) -> None:
    assert decide(cli, "Ben Counsel") == 3
    assert decide(cli, "Eve") == 3
    me("ben")
    assert decide(cli, "Ada Lawyer") == 3
    assert not (ruled / "policy/decisions.yaml").exists()
    me("ada")
    assert decide(cli, "Ada Lawyer") == 0
    assert cli("check").exit_code == 0


def test_a_ruling_committed_by_another_does_not_count(ruled: Path, cli: Cli, me: Me) -> None:
    assert decide(cli, "Ada Lawyer") == 0
    me("ben")
    commit(ruled)
    check = cli("check")
    assert check.exit_code == 3
    assert "the commit is by ben@post.example, which isn't an address of Ada Lawyer" in check.output
    assert release(cli)[0] == 3
    assert [each.name for each in (ruled / "versions").iterdir()] == ["2020-01-01"]


def test_one_line_of_a_ruling_changed_by_another_is_enough(ruled: Path, cli: Cli, me: Me) -> None:
    assert decide(cli, "Ada Lawyer") == 0
    commit(ruled)
    assert cli("check").exit_code == 0
    me("ben")
    edit(ruled, "decisions.yaml", 'severity: "review"', 'severity: "editorial"')
    commit(ruled)
    assert cli("check").exit_code == 3


def test_the_release_names_who_and_why_and_the_site_shows_it(ruled: Path, cli: Cli, me: Me) -> None:
    decide(cli, "Ada Lawyer")
    commit(ruled)
    assert release(cli) == (0, release_says())
    manifest = json.loads((ruled / "versions/2020-03-01/manifest.json").read_text())
    assert manifest["released"] == {"by": "Ada Lawyer", "reason": "ready"}
    assert cli("verify").exit_code == 0
    assert cli("build", "--as-of", "2020-03-02").exit_code == 0
    page = (ruled / "site/audit/index.html").read_text()
    moment = json.loads((ruled / "versions/2020-03-01/comparison.json").read_text())["changes"][0]["decision"]["at"]
    for words in ("Ada Lawyer", "looked at", "ready", open_words(), moment, manifest["recorded_at"]):
        assert words in page, words


def release_says() -> str:
    return (
        "Frozen, committed and tagged version 2020-03-01: review changes since 2020-01-01. Announced 2020-03-01, in force from "
        "2020-03-01.\nPush the commit and the tag: the announcement stands once the site is built from it.\n"
    )


def open_words() -> str:
    return "Our policy now says under “Contact”: “You may write to"


def test_only_a_person_who_may_release_withdraws(released: Path, cli: Cli, me: Me) -> None:
    me("ada")
    edit(released, *MATERIAL)
    commit(released)
    assert cli("release", "--effective", "2020-05-01", "--as-of", "2020-03-01").exit_code == 0
    (released / "policy/approvers.yaml").write_text(PEOPLE.format(two="false"))
    words = ("withdraw", "2020-05-01", "--reason", "a slip", "--as-of", "2020-03-02", "--by")
    assert cli(*words, "Eve").exit_code == 3
    assert cli(*words, "Ada Lawyer").exit_code == 0


def test_a_dry_run_says_that_somebody_else_must_release(released: Path, cli: Cli, me: Me) -> None:
    (released / "policy/approvers.yaml").write_text(PEOPLE.format(two="false"))
    edit(released, *MATERIAL)
    words = ("release", "--effective", "2020-05-01", "--as-of", "2020-03-01", "--dry-run")
    for who, expected in (("eve", True), ("ada", False)):
        me(who)
        result = cli(*words)
        assert (result.exit_code, "somebody else must release it" in result.stderr) == (0, expected), result.output


def test_two_persons(ruled: Path, cli: Cli, me: Me) -> None:
    (ruled / "policy/approvers.yaml").write_text(PEOPLE.format(two="true"))
    decide(cli, "Ada Lawyer")
    commit(ruled)
    code, said = release(cli)
    assert code == 3
    assert "two persons are needed, and Ada Lawyer ruled on" in said
    me("ben")
    assert release(cli)[0] == 0


def test_two_persons_when_nobody_had_to_rule(released: Path, cli: Cli, me: Me) -> None:
    me("ben")
    (released / "policy/approvers.yaml").write_text(PEOPLE.format(two="true"))
    edit(released, *MATERIAL)
    commit(released)
    late = ("release", "--effective", "2020-05-01", "--as-of", "2020-03-01")
    refused = cli(*late)
    assert refused.exit_code == 3
    assert "Ben Counsel wrote the commit" in refused.stderr
    me("ada")
    assert cli(*late).exit_code == 0


def test_who_may_not_release_is_refused_and_found_afterwards(ruled: Path, cli: Cli, me: Me) -> None:
    decide(cli, "Ada Lawyer")
    commit(ruled)
    me("eve")
    code, said = release(cli)
    assert (code, "eve <eve@post.example> isn't among the people" in said) == (3, True)
    me("ada")
    assert release(cli)[0] == 0
    me("eve")
    git(ruled, "commit", "--amend", "--quiet", "--no-edit", "--reset-author")
    git(ruled, "tag", "--force", "--annotate", "-m", "moved", "2020-03-01")
    verify = cli("verify")
    assert verify.exit_code == 1
    assert "versions/2020-03-01: This version was released by somebody who may not release" in verify.output


def test_a_person_with_a_key_must_sign(ruled: Path, cli: Cli, me: Me, tmp_path: Path) -> None:
    needed("ssh-keygen", "the Debian package openssh-client")
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    printed = subprocess.run(["ssh-keygen", "-l", "-f", key], check=True, capture_output=True, text=True).stdout
    (tmp_path / "signers").write_text(f"ada@post.example {key.with_suffix('.pub').read_text()}")
    keyed = PEOPLE.format(two="false").replace(
        "    may: [decide, release]\n", f"    may: [decide, release]\n    keys: ['{printed.split()[1]}']\n"
    )
    (ruled / "policy/approvers.yaml").write_text(keyed)
    decide(cli, "Ada Lawyer")
    commit(ruled)
    unsigned = cli("check")
    assert unsigned.exit_code == 3
    assert "no good signature of a key of Ada Lawyer" in unsigned.output
    for name, value in {
        "gpg.format": "ssh",
        "user.signingKey": str(key),
        "commit.gpgSign": "true",
        "gpg.ssh.allowedSignersFile": str(tmp_path / "signers"),
    }.items():
        git(ruled, "config", name, value)
    git(ruled, "commit", "--amend", "--quiet", "--no-edit")
    assert cli("check").exit_code == 0
    assert release(cli)[0] == 0
    assert cli("verify").exit_code == 0


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("may: [release]", "may: [rule]", 8, "may"),
        ("BEN@home", "ADA@POST.EXAMPLE, x@home", 0, "ada@post.example stands here twice"),
        ("two_persons: false", "two_person: false", 1, "'two_person' is no field here"),
        ("emails: [ada@post.example]", "emails: []", 4, "emails"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_line(
    ruled: Path, cli: Cli, old: str, new: str, line: int, words: str
) -> None:
    edit(ruled, "approvers.yaml", old, new)
    result = cli("decide", "c00000000", "review", "--reason", "x", "--by", "Ada Lawyer")
    assert result.exit_code == 1, result.output
    assert words in result.stderr
    assert f"policy/approvers.yaml:{line or 1}" in result.stderr
