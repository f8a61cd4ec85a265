"""Bad input of every kind that the docs name, tried after the code was written: one sentence with its place, nothing changed."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from releases import EDITORIAL, change, tree
from samples import POLICY, clause, edit, git

from conftest import Cli

Make = Callable[[Path], object]
CONFLICT = "<<<<<<< HEAD\n{0}\n=======\n{0} too\n>>>>>>> theirs"
WORDS = clause("Contact", ["contact.office"], "Write to us.")
CONTACT, ALL = "policy/clauses/contact.md", "policy/practices/all.yaml"
BUILD = ("build", "--as-of", "2020-02-01")
INIT = ("init", "new", "--yes", "--kind", "app")
ANSWERS = {
    "--name": "Q",
    "--email": "p@q.example",
    "--address": "x",
    "--time-zone": "UTC",
    "--url": "https://q.example/",
}
RULING = ('- {{change: c00000000, fingerprint: "{}", severity: editorial, reason: x, by: y, on: {}}}\n').format


def nothing(root: Path) -> None:
    """The input is in the words of the command."""


def put(name: str, content: str | bytes) -> Make:
    """A file with this content."""

    def make(root: Path) -> None:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))

    return make


def swap(name: str, old: str, new: str) -> Make:
    """One source with some words changed."""
    return lambda root: edit(root, name.removeprefix("policy/"), old, new)


def socket_at(path: Path) -> None:
    """A socket in the place of a file; its address may be 100 bytes long, so it is made from inside its folder."""
    with contextlib.chdir(path.parent), socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)


def shell(command: str) -> Make:
    """What is quicker said in the words of a shell."""
    return lambda root: subprocess.run(["sh", "-c", command], cwd=root, check=True, capture_output=True)


def init(**answers: str) -> tuple[str, ...]:
    """`init` with some answers replaced."""
    given = ANSWERS | {f"--{name.replace('_', '-')}": value for name, value in answers.items()}
    return (*INIT, *(word for pair in given.items() for word in pair))


@dataclass(frozen=True)
class Bad:
    """What is spoiled, the command, its exit status, what the first line of its refusal says, how many lines there may be."""

    make: Make
    words: tuple[str, ...]
    status: int
    says: str
    lines: int = 1


def checked(make: Make, says: str, lines: int = 1) -> Bad:
    return Bad(make, ("check",), 1, says, lines)


SOURCES = {
    "conflict in policy.yaml": checked(
        swap("policy.yaml", "title: Privacy policy", CONFLICT.format("title: P")),
        "policy/policy.yaml:1: A merge conflict",
        2,
    ),
    "conflict in a clause": checked(
        swap(CONTACT, "Write to", CONFLICT.format("Write") + "\nWrite to"), f"{CONTACT}:5: A merge conflict", 2
    ),
    "conflict in practices": checked(
        swap(ALL, "  title: Registration", CONFLICT.format("  title: R")), f"{ALL}:3: A merge conflict", 2
    ),
    "conflict in decisions": checked(
        put("policy/decisions.yaml", CONFLICT.format("- change: c00000000")), "policy/decisions.yaml:1: A merge", 2
    ),
    "conflict with its base": checked(
        swap(CONTACT, "Write to", "||||||| base\nWrite to"), f"{CONTACT}:5: A merge conflict"
    ),
    "year 0": checked(
        swap("policy.yaml", "2020-01-01", "0000-00-00"), "policy/policy.yaml:9: 'last_updated': '0000-00-00' is no day"
    ),
    "year 9999": checked(
        swap("policy.yaml", "2020-01-01", "9999-12-31"),
        "policy/policy.yaml:9: 'last_updated': '9999-12-31' lies outside",
    ),
    "leap second": checked(
        swap("policy.yaml", "2020-01-01", "2016-12-31T23:59:60Z"),
        "policy/policy.yaml:9: 'last_updated': '2016-12-31T23:59:60Z' is no date",
    ),
    "ruling on no day": checked(
        put("policy/decisions.yaml", RULING("0" * 64, "2020-13-01")),
        "policy/decisions.yaml:1: 'on': '2020-13-01' is no day",
    ),
    "negative days": checked(swap(ALL, "period_days: 30", "period_days: -1"), f"{ALL}:27: 'period_days' can't be"),
    "days that are true": checked(
        swap(ALL, "period_days: 30", "period_days: true"), f"{ALL}:27: 'period_days' can't be True"
    ),
    "endless days": checked(swap(ALL, "period_days: 30", "period_days: .inf"), f"{ALL}:27: 'period_days' can't be"),
    "hexadecimal days": checked(swap(ALL, "period_days: 30", "period_days: 0x1E"), f"{ALL}:27: 'period_days' can't be"),
    "days beyond reason": checked(
        swap(ALL, "period_days: 30", "period_days: 99999999999"), f"{ALL}:27: 'period_days' can't be"
    ),
    "key twice in a flow": checked(
        swap(ALL, "channels: {any_of:", "channels: {any_of: [], any_of:"),
        f"{ALL}:30: The key 'any_of' stands here again",
    ),
    "key twice, once quoted": checked(
        swap("policy.yaml", "title: Privacy policy", 'title: P\n"title": Q'), "policy/policy.yaml:2: The key 'title'"
    ),
    "key twice in front matter": checked(
        swap(CONTACT, "title: Contact", "title: Contact\ntitle: Contact"), f"{CONTACT}:3: The key 'title'"
    ),
    "byte order mark twice": checked(
        put("policy/policy.yaml", "\ufeff\ufeff" + POLICY),
        "policy/policy.yaml:1: An invisible character stands here: U+FEFF",
    ),
    "byte order mark inside": checked(
        put(CONTACT, WORDS.replace("title", "\ufefftitle")), f"{CONTACT}:2: An invisible character stands here: U+FEFF"
    ),
    "UTF-16": checked(put(CONTACT, WORDS.encode("utf-16")), f"{CONTACT}:1: This file isn't UTF-8"),
    "Latin-1": checked(
        put(CONTACT, WORDS.replace("us", "caf\xe9").encode("latin-1")), f"{CONTACT}:5: This file isn't UTF-8"
    ),
    "NUL": checked(
        put(CONTACT, WORDS.replace("us", "u\0s")), f"{CONTACT}:5: An invisible character stands here: U+0000"
    ),
    "half a surrogate pair": checked(
        put(CONTACT, WORDS.replace("us", "\ud800")), f"{CONTACT}:5: This file isn't UTF-8"
    ),
    "empty policy.yaml": checked(
        put("policy/policy.yaml", ""), "policy/policy.yaml:1: This entry can't be empty: it must be a mapping"
    ),
    "policy.yaml is a list": checked(
        put("policy/policy.yaml", "- a\n"), "policy/policy.yaml:1: This entry can't be a list: it must be a mapping"
    ),
    "approvers are a list": checked(
        put("policy/approvers.yaml", "- x"), "policy/approvers.yaml:1: This entry can't be a list: it must be a mapping"
    ),
    "no policy.yaml": checked(shell("rm policy/policy.yaml"), "policy/policy.yaml: This file is missing"),
    "no policy": checked(shell("rm -r policy"), "There is no policy repository"),
    "clauses are a file": checked(
        shell("rm -r policy/clauses; touch policy/clauses"), "policy/clauses: This isn't a folder"
    ),
    "practices are a pipe": checked(
        shell("rm -r policy/practices; mkfifo policy/practices"), "policy/practices: This isn't a folder"
    ),
    "notes are a pipe": checked(
        shell("mkfifo policy/review-notes.md"), "policy/review-notes.md: This isn't a regular file"
    ),
    "approvers are a pipe": checked(
        shell("mkfifo policy/approvers.yaml"), "policy/approvers.yaml: This isn't a regular file"
    ),
    "zone is a path": checked(
        swap("policy.yaml", "America/Los_Angeles", "../../../etc/passwd"), "policy/policy.yaml:8: 'time_zone'"
    ),
    "zone is a folder of zones": checked(
        swap("policy.yaml", "America/Los_Angeles", "America"), "policy/policy.yaml:8: 'time_zone'"
    ),
    "zone is a rule": checked(
        swap("policy.yaml", "America/Los_Angeles", "EST5EDT,M3.2.0,M11.1.0"), "policy/policy.yaml:8: 'time_zone'"
    ),
    "section twice": checked(
        swap("policy.yaml", "id: sharing", "id: collection"),
        "policy/policy.yaml:1: The section 'collection' stands here twice",
    ),
    "clause twice": checked(
        swap("policy.yaml", "contact]", "contact, contact]"),
        "policy/policy.yaml:1: 'this entry': the clause contact stands twice",
    ),
    "practice twice": checked(
        swap(ALL, "id: sharing.processors\n", "id: sharing.rule\n"), f"{ALL}:14: The id 'sharing.rule' is taken"
    ),
    "exception of itself": checked(
        swap(ALL, "exceptions: [sharing.processors]", "exceptions: [sharing.rule]"), f"{ALL}:13: The exception", 2
    ),
    "id of look-alike letters": checked(
        swap(ALL, "id: contact.office", "id: cont\u0430ct.office"), "policy/clauses/contact.md:3: The clause", 2
    ),
    "unclosed braces": checked(
        swap(CONTACT, "{{ organization.email }}", "{{ organization.email"), f"{CONTACT}:5: The template can't be read"
    ),
    "practices of another ending": checked(
        put("policy/practices/more.yml", "[]"), "policy/practices/more.yml: This file isn't read."
    ),
    "clause of another ending": checked(
        put("policy/clauses/more.MD", WORDS), "policy/clauses/more.MD: This file isn't read."
    ),
    "socket": checked(
        lambda root: socket_at(root / "policy/clauses/more.md"), "policy/clauses/more.md: This file can't be opened"
    ),
    "name with a line end": checked(put("policy/clauses/a\nb.md", "x"), "policy/clauses/a\\nb.md:1: "),
    "name in a hidden folder": checked(
        put("policy/clauses/.x/y.md", WORDS), "policy/clauses/.x/y.md:2: 'id' can't be '.x/y'"
    ),
    "clause without its end": checked(
        put(CONTACT, WORDS.replace("---\nWrite", "Write")), f"{CONTACT}:1: This clause has no front matter"
    ),
}
FROZEN = {
    "versions are a file": Bad(
        shell("rm -r versions; touch versions"), ("status",), 1, "versions: This isn't a folder"
    ),
    "versions are a pipe": Bad(
        shell("rm -r versions; mkfifo versions"), ("verify",), 1, "versions: This isn't a folder"
    ),
    "version of no day": Bad(
        shell("mkdir versions/2021-02-30"), ("status",), 1, "versions/2021-02-30: This isn't a version"
    ),
    "version with nothing": Bad(
        shell("mkdir versions/2021-02-03"),
        ("status",),
        1,
        "versions/2021-02-03/manifest.json: This frozen file is missing",
        2,
    ),
    "huge frozen file": Bad(
        shell("truncate -s 99M versions/2020-01-01/policy.json"),
        ("status",),
        1,
        "versions/2020-01-01/policy.json: This file is larger",
        2,
    ),
    "deep manifest": Bad(
        put("versions/2020-01-01/manifest.json", "[" * 100_000),
        ("status",),
        1,
        "versions/2020-01-01/manifest.json: This frozen file isn't readable",
        9,
    ),
    "manifest with a key twice": Bad(
        shell('sed -i \'0,/"id"/s//"id": 1, "id"/\' versions/2020-01-01/manifest.json'),
        ("verify", "--as-of", "2020-02-01"),
        1,
        "versions/2020-01-01/",
        9,
    ),
    "git without its head": Bad(
        put(".git/HEAD", "junk"), ("verify", "--as-of", "2020-02-01"), 1, ".git: git can't read this repository"
    ),
    "git without objects": Bad(
        shell("rm -r .git/objects"), ("verify", "--as-of", "2020-02-01"), 1, ".git: git can't read this repository"
    ),
    "git's configuration broken": Bad(
        put(".git/config", "["), ("verify", "--as-of", "2020-02-01"), 1, ".git: git can't read this repository"
    ),
    "git is a file": Bad(
        shell("rm -r .git; echo hello > .git"),
        ("verify", "--as-of", "2020-02-01"),
        1,
        ".git: git can't read this repository",
    ),
    "git's index broken": Bad(
        lambda root: (edit(root, "policy.yaml", "Springfield", "Shelby"), put(".git/index", "junk")(root)),
        ("release", "--effective", "2020-05-01", "--as-of", "2020-03-01"),
        1,
        "git ls-files failed: fatal: .git/index",
    ),
    "a bare repository": Bad(
        lambda root: (change(root, EDITORIAL), git(root, "config", "core.bare", "true")),
        ("release", "--effective", "2020-05-01", "--as-of", "2020-05-01"),
        1,
        "git status failed: fatal: this operation must be run in a work tree",
    ),
    "note is a pipe": Bad(
        shell("mkfifo .git/policytrail-unfinished"),
        ("status",),
        1,
        "A command was interrupted, and what it left can't be taken back (.git/policytrail-unfinished is a pipe",
    ),
    "note nested deep": Bad(put(".git/policytrail-unfinished", "[" * 100_000), ("status",), 0, ""),
    "note of an option": Bad(
        put(".git/policytrail-unfinished", '{"head": "--output=x", "kept": 5}'), ("status",), 0, ""
    ),
    "note of files is a pipe": Bad(
        shell("mkfifo .git/.policytrail-files"), ("status",), 1, ".git/.policytrail-files can't be read"
    ),
    "note of files without text": Bad(
        put(".git/.policytrail-files", '{"command": "init", "files": {"a": {"old": 5, "new": 5}}}'),
        ("status",),
        1,
        ".git/.policytrail-files can't be read",
    ),
    "note of a command that is none": Bad(
        put(".git/.policytrail-files", '{"command": "a\\u001b[2J", "files": {}}'),
        ("status",),
        1,
        ".git/.policytrail-files can't be read",
    ),
    "note that reaches out": Bad(
        put(
            ".git/.policytrail-files",
            '{"command": "init", "files": {"../x": {"old": "x", "new": null}, ".git/config": {"old": "x", "new": null}}}',
        ),
        ("status",),
        0,
        "'policytrail init' was interrupted",
        3,
    ),
    "a note that is none": Bad(put(".git/.policytrail-files", "[1]"), ("status",), 1, ""),
    "copy is a remote": Bad(
        nothing,
        ("verify", "--against", "origin"),
        2,
        "There is no file, folder or remote origin. Name one, or an address",
    ),
    "copy is a pipe": Bad(shell("mkfifo kept"), ("verify", "--against", "kept"), 1, "kept: This isn't a regular file"),
    "copy is a link": Bad(
        shell("ln -s versions/2020-01-01/manifest.json kept"),
        ("verify", "--against", "kept"),
        1,
        "kept: This file can't be opened",
    ),
    "copy is nested deep": Bad(
        put("kept", "[" * 200_000), ("verify", "--against", "kept"), 2, "kept holds no fingerprint"
    ),
    "copy is an empty folder": Bad(
        shell("mkdir kept"), ("verify", "--against", "kept"), 2, "kept holds no fingerprint"
    ),
}
SITE = {
    "template of itself": Bad(
        put("templates/404.html", "{% include '404.html' %}"),
        BUILD,
        1,
        "templates/404.html:1: This template calls itself without end",
    ),
    "templates of each other": Bad(
        lambda root: (
            put("templates/404.html", "{% extends 'a.html' %}")(root),
            put("templates/a.html", "{% extends '404.html' %}")(root),
        ),
        BUILD,
        1,
        "This template calls itself without end",
    ),
    "template of Latin-1": Bad(
        put("templates/404.html", b"\ncaf\xe9"), BUILD, 1, "templates/404.html:2: This file isn't UTF-8"
    ),
    "template is a pipe": Bad(
        shell("mkdir templates; mkfifo templates/404.html"), BUILD, 1, "templates/404.html: This isn't a regular file"
    ),
    "template is a link to itself": Bad(
        shell("mkdir templates; ln -s 404.html templates/404.html"),
        BUILD,
        1,
        "templates/404.html: This is a symbolic link",
    ),
    "template is a link to nothing": Bad(
        shell("mkdir templates; ln -s nothing templates/404.html"),
        BUILD,
        1,
        "templates/404.html: This is a symbolic link",
    ),
    "folder of templates is a link": Bad(
        shell("mkdir templates; ln -s /etc templates/feeds"), ("build", "--as-of", "2020-02-01"), 1, "templates/", 1
    ),
    "assets are a link": Bad(
        shell("mkdir templates; ln -s /etc templates/assets"), BUILD, 1, "templates/assets: This is a symbolic link"
    ),
    "huge asset": Bad(
        shell("mkdir -p templates/assets; truncate -s 99M templates/assets/x.bin"),
        BUILD,
        1,
        "templates/assets/x.bin: This file is larger than 16 MB",
    ),
    "huge template": Bad(
        shell("mkdir templates; truncate -s 99M templates/404.html"),
        BUILD,
        1,
        "templates/404.html: This file is larger than 16 MB",
    ),
    "template is a folder": Bad(
        shell("mkdir -p templates/404.html"), BUILD, 1, "templates/404.html: This isn't a regular file"
    ),
    "asset is a pipe": Bad(
        shell("mkdir -p templates/assets; mkfifo templates/assets/x.css"),
        BUILD,
        1,
        "templates/assets/x.css: This isn't a regular file",
    ),
    "templates are a file": Bad(put("templates", "x"), BUILD, 1, "templates: This isn't a folder"),
    "site is a pipe": Bad(shell("mkfifo site"), BUILD, 1, "site isn't a folder"),
    "site is a link": Bad(shell("ln -s policy site"), BUILD, 2, "The site can't be written to"),
    "into the sources": Bad(
        nothing, (*BUILD, "--out", "policy/site"), 2, "The site can't be written to policy/site: it lies in policy/"
    ),
    "in place of the versions": Bad(nothing, (*BUILD, "--out", "versions"), 2, "The site can't be written to versions"),
    "in place of git": Bad(nothing, (*BUILD, "--out", ".git"), 2, "The site can't be written to .git"),
    "in place of the repository": Bad(nothing, (*BUILD, "--out", "."), 1, ". holds files that no build made"),
    "in place of somebody's files": Bad(
        put("docs/mine.txt", "mine"), (*BUILD, "--out", "docs"), 1, "docs holds files that no build made (mine.txt)"
    ),
    "a day that is none": Bad(
        nothing, ("build", "--as-of", "9999-12-31"), 2, "Invalid value for '--as-of': '9999-12-31' lies outside"
    ),
    "before the first": Bad(nothing, ("build", "--as-of", "1999-01-01"), 1, "No version is in force on 1999-01-01"),
}
WORDS_OF_COMMANDS = {
    "a day of a week": Bad(nothing, ("status", "--as-of", "2020-W01-1"), 2, "Invalid value for '--as-of'"),
    "a day like an option": Bad(
        nothing, ("release", "--effective=-2020-01-01"), 2, "Invalid value for '--effective': '-2020-01-01' is no date"
    ),
    "no such command": Bad(nothing, ("frobnicate",), 2, "No such command 'frobnicate'."),
    "no such option": Bad(nothing, ("check", "--frob"), 2, "No such option: --frob."),
    "name with a bell": Bad(
        nothing,
        ("decide", "c00000000", "review", "--reason", "x", "--by", "a\x07b"),
        2,
        "The name: An invisible character stands here: U+0007",
    ),
    "reason that runs backwards": Bad(
        nothing,
        ("withdraw", "2020-01-01", "--reason", "x\u202ey", "--by", "b"),
        2,
        "The reason: An invisible character stands here: U+202E",
    ),
    "note of bytes that are no text": Bad(
        nothing,
        ("attest", "2020-01-01", "post", "--note", "x\udcff", "--by", "b"),
        2,
        "The note: An invisible character stands here: U+DCFF",
    ),
    "release for a hidden reason": Bad(
        nothing,
        ("release", "--effective", "2020-05-01", "--reason", "x\u200by"),
        2,
        "The reason: An invisible character",
    ),
    "nothing but blanks": Bad(
        nothing, ("decide", "c00000000", "review", "--reason", " \t ", "--by", "b"), 2, "The reason is empty"
    ),
    "kind of evidence as a path": Bad(
        nothing, ("attest", "2020-01-01", "../x", "--note", "x", "--by", "b"), 2, "'../x' can't be attested"
    ),
    "version as a path": Bad(
        nothing, ("diff", "../../../etc/passwd", "draft"), 2, "There is no version '../../../etc/passwd'"
    ),
    "change as a path": Bad(
        nothing, ("decide", "../x", "review", "--reason", "x", "--by", "b"), 2, "The draft has no change '../x'"
    ),
    "before the newest record": Bad(
        nothing,
        ("attest", "2020-01-01", "post", "--note", "x", "--by", "b", "--as-of", "2019-02-01"),
        3,
        "2019-02-01 lies before 2020-01-01",
    ),
    "document onto a folder": Bad(
        nothing, ("diff", "2020-01-01", "draft", "--format", "docx", "--output", "policy"), 1, "policy: Is a directory"
    ),
    "document onto a pipe": Bad(
        shell("mkfifo p"), ("diff", "2020-01-01", "draft", "--format", "docx", "--output", "p"), 2, "p is no plain file"
    ),
    "document onto a socket": Bad(
        lambda root: socket_at(root / "s"),
        ("export", "--format", "md", "--as-of", "2020-02-01", "--output", "s"),
        2,
        "s is no plain file",
    ),
    "document to nowhere": Bad(
        nothing,
        ("diff", "2020-01-01", "draft", "--format", "docx", "--output", "/proc/a/b"),
        1,
        "/proc/a/b: No such file",
    ),
    "no answers": Bad(
        nothing,
        ("init", "new", "--kind", "app", "--yes"),
        2,
        "--name, --email, --address, --time-zone, --url are missing",
    ),
    "zone of a new policy": Bad(nothing, init(time_zone="../../etc/passwd"), 2, "--time-zone can't be"),
    "name of two lines": Bad(nothing, init(name="Q\n- x: y"), 2, "--name can't be 'Q\\n- x: y': write it on one line"),
    "hidden sign in an address": Bad(
        nothing, init(address="1 Main\u200bStreet"), 2, "--address: An invisible character"
    ),
    "script as an address": Bad(nothing, init(url="javascript:alert(1)"), 2, "--url can't be"),
}
IMPORTS = {
    "missing": Bad(nothing, ("import", "nope.md", "--into", "new"), 1, "nope.md: This file is missing"),
    "folder": Bad(shell("mkdir d.md"), ("import", "d.md", "--into", "new"), 1, "d.md: This is a folder"),
    "pipe": Bad(shell("mkfifo p.md"), ("import", "p.md", "--into", "new"), 1, "p.md: This isn't a regular file"),
    "link": Bad(
        shell("ln -s policy/policy.yaml p.md"),
        ("import", "p.md", "--into", "new"),
        1,
        "p.md: This file can't be opened",
    ),
    "device": Bad(nothing, ("import", "/dev/zero", "--into", "new"), 1, "/dev/zero: This file has no ending"),
    "conflict": Bad(
        put("p.md", "# P\n\n" + CONFLICT.format("we keep data")),
        ("import", "p.md", "--into", "new"),
        1,
        "A merge conflict isn't resolved here",
        2,
    ),
    "binary": Bad(
        put("p.md", "# P\n\nwe\0keep"), ("import", "p.md", "--into", "new"), 1, "p.md: This is a binary file"
    ),
    "onto a policy": Bad(nothing, ("import", CONTACT), 1, "policy: There is a policy here already"),
    "into a pipe": Bad(shell("mkfifo new"), ("import", CONTACT, "--into", "new"), 1, "new: "),
    "into nowhere": Bad(nothing, ("import", CONTACT, "--into", "/proc/x"), 1, "/proc/x: "),
    "nothing": Bad(nothing, ("import",), 2, "Name one thing to import"),
    "no Word": Bad(
        put("p.docx", "hello"), ("import", "--into-draft", "p.docx"), 1, "p.docx: This Word file is damaged"
    ),
    "Word folder": Bad(nothing, ("import", "--into-draft", "policy"), 1, "policy: This isn't a regular file"),
    "past of a folder": Bad(nothing, ("import", "--history", ".:policy"), 1, "'policy' is a folder"),
    "past of a pattern": Bad(
        nothing, ("import", "--history", ".:policy/*.yaml"), 1, "No commit of this branch changed policy/*.yaml"
    ),
    "past of an option": Bad(
        nothing, ("import", "--history", ".:--output=x"), 1, "No commit of this branch changed --output=x"
    ),
    "past of a magic path": Bad(
        nothing, ("import", "--history", ".:(exclude)policy"), 1, "No commit of this branch changed"
    ),
    "past outside": Bad(nothing, ("import", "--history", ".:../../etc/passwd"), 1, "'../../etc/passwd' is no path"),
    "past of no repository": Bad(
        nothing, ("import", "--history", "policy/policy.yaml:x.md"), 1, "policy/policy.yaml is no git repository"
    ),
    "past into a full folder": Bad(
        nothing, ("import", "--history", ".:policy/policy.yaml", "--into", "policy"), 2, "policy isn't an empty folder"
    ),
}
CASES = SOURCES | FROZEN | SITE | WORDS_OF_COMMANDS | {f"import {name}": bad for name, bad in IMPORTS.items()}


@pytest.mark.parametrize("name", CASES)
def test_one_sentence_and_nothing_changed(name: str, released: Path) -> None:
    bad = CASES[name]
    bad.make(released)
    before = tree(released)
    result = Cli(released)(*bad.words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    lines = result.stderr.replace(f"{released}/", "").splitlines()
    assert result.exit_code == bad.status, lines
    assert bad.says in (lines or [""])[0]
    assert len(lines) <= bad.lines, lines
    assert tree(released) == before


@pytest.fixture
def process(released: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The command as a process with an environment of its own."""

    def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "policytrail", *words]
        return subprocess.run(
            command, cwd=released, env=os.environ | environment, capture_output=True, text=True, errors="replace"
        )

    return run


@pytest.mark.slow
def test_bytes_that_are_no_text_on_the_command_line(released: Path) -> None:
    command = [sys.executable, "-m", "policytrail", "attest", "2020-01-01", "post", "--note", b"caf\xe9", "--by", "b"]
    for locale in ("C", "C.UTF-8"):
        environment = os.environ | {"LC_ALL": locale, "PYTHONUTF8": "0"}
        done = subprocess.run(command, cwd=released, env=environment, capture_output=True, text=True)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr


@pytest.mark.slow
def test_closed_streams_are_nobodys_mistake(released: Path) -> None:
    for words in ("diff 2020-01-01 draft --format json >&-", "status --as-of 2020-02-01 >&- 2>&-", "check 2>&-"):
        done = subprocess.run(
            ["sh", "-c", f"{sys.executable} -m policytrail {words}"], cwd=released, capture_output=True, text=True
        )
        assert (done.returncode, "policytrail (" in done.stderr) == (0, False), (words, done.stderr)


@pytest.mark.slow
def test_a_machine_without_git(process: Callable[..., subprocess.CompletedProcess[str]], released: Path) -> None:
    empty = released.parent / "empty"
    empty.mkdir()
    for words in (("check",), ("status", "--as-of", "2020-02-01"), ("build", "--as-of", "2020-02-01")):
        assert process(*words, PATH=str(empty)).returncode == 0, words
    shutil.rmtree(released / "site")
    edit(released, "policy.yaml", "Springfield", "Shelbyville")
    before = tree(released)
    for words in (
        ("release", "--effective", "2020-05-01", "--as-of", "2020-05-01"),
        ("verify", "--as-of", "2020-02-01"),
    ):
        done = process(*words, PATH=str(empty))
        assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
        assert "git" in done.stderr and len(done.stderr.splitlines()) == 1, done.stderr
    assert tree(released) == before


@pytest.mark.slow
@pytest.mark.parametrize("epoch", ["-1", "abc", "1e9", "99999999999999999999", "１２３"])
def test_a_clock_that_is_none(process: Callable[..., subprocess.CompletedProcess[str]], epoch: str) -> None:
    done = process("status", SOURCE_DATE_EPOCH=epoch)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    assert "SOURCE_DATE_EPOCH" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "environment",
    [
        {"HOME": "/nonexistent"},
        {"HOME": "/dev/null", "XDG_CACHE_HOME": "/dev/null"},
        {"TZ": "Nowhere/Land"},
        {"TZ": ":/etc/passwd"},
        {"GIT_DIR": "/nonexistent"},
        {"GIT_WORK_TREE": "/tmp"},
        {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"},
        {"PYTHONHASHSEED": "7", "LANG": "xx_XX"},
        {"COLUMNS": "1"},
        {"COLUMNS": "x"},
        {"PAGER": "false", "GIT_PAGER": "false"},
        {"POLICYTRAIL_CACHE": "/dev/null"},
        {"GIT_INDEX_FILE": "/nonexistent/index"},
        {"GIT_OBJECT_DIRECTORY": "/nonexistent"},
    ],
    ids=lambda each: "-".join(each),
)
def test_odd_environments(
    process: Callable[..., subprocess.CompletedProcess[str]], environment: dict[str, str], released: Path
) -> None:
    """Each command works as ever, or says in one sentence what is wrong."""
    edit(released, "clauses/contact.md", "Write to", "You may write to")
    git(released, "commit", "--quiet", "--all", "--message", "edit")
    for words in (
        ("check",),
        ("verify", "--as-of", "2020-02-01"),
        ("release", "--effective", "2020-05-01", "--as-of", "2020-05-01"),
    ):
        done = process(*words, **environment)
        assert done.returncode in (0, 1, 3), (words, done.stderr)
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode != 1 or len(done.stderr.splitlines()) == 1, done.stderr
