"""A failure at every file operation of every command that writes: the tree is as before or as after, and the next run works."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import faults
import pytest
from faults import Result
from samples import commit, edit, git, repository
from translated_samples import PROMISE, translate
from word_samples import NOON, repacked, replaced

from conftest import Cli
from policytrail.render.documents.docx_package import policy_docx
from policytrail.sources.load import load_draft

CLOCK = {
    "SOURCE_DATE_EPOCH": "1583020800",
    "GIT_AUTHOR_DATE": "2020-03-01T00:00:00Z",
    "GIT_COMMITTER_DATE": "2020-03-01T00:00:00Z",
}
ERRORS = ("ENOSPC", "EIO", "ENOSPC", "EACCES")  # by turns, an error at every operation
SOME = 11  # files are written in 8 operations each: all of them get their turn
EACH = 8  # of operations in a folder that nobody sees until it takes its place, every eighth fails


@dataclass(frozen=True)
class State:
    """All that a command may change: the files, the newest commit with the index, the tags."""

    files: tuple[tuple[str, bytes], ...]
    git: str
    tags: str


def state(root: Path) -> State:
    files = [(name, (root / name).read_bytes()) for name in _names(root) if not _scratch(name)]
    if not (root / ".git/HEAD").exists():
        return State(tuple(files), "", "")
    return State(
        tuple(files),
        git(root, "status", "--porcelain=v2", "--branch", "--untracked-files=no"),
        "".join(each.name for each in sorted((root / ".git/refs/tags").glob("*")))
        and git(root, "show-ref", "--tags", "-d"),
    )


def leftovers(root: Path) -> frozenset[str]:
    """What a killed command may leave for the next one: temporary names without their random part, and its notes."""
    found = {_scratch(name) for name in _names(root)}
    return frozenset(found - {""} | {each.name for each in (root / ".git").glob("policytrail-*")})


def _names(root: Path) -> list[str]:
    every = (each.relative_to(root).as_posix() for each in sorted(root.rglob("*")) if each.is_file())
    return [name for name in every if not name.startswith(".git/")]


def _scratch(name: str) -> str:
    """The kind of a temporary name that the next run sweeps away; empty for others."""
    kinds = (".tmp-", ".site-", ".policytrail-")
    return next((kind for kind in kinds if any(part.startswith(kind) for part in name.split("/"))), "")


@dataclass(frozen=True)
class Case:
    """A command and the folder that it runs in.

    Whether any other command takes back what a killed one left there; whether running it twice is a thing to do twice;
    of how many operations one is tried (where they are very many of one kind).
    """

    root: Path
    words: tuple[str, ...]
    any_heals: bool = True
    adds: bool = False
    each: int = 1


def run(root: Path, *words: str, fault: tuple[int, str] = (0, "EIO")) -> Result:
    return faults.run(root, words, *fault, _environment(root))


def _environment(root: Path) -> dict[str, str]:
    return {**CLOCK, "TMPDIR": str(root.parent)}


def prepared(folder: Path) -> Path:
    """One version in force, a material change committed, a wording that waits for a ruling in reserve."""
    root = repository(folder)
    git(root, "config", "user.name", "Test")
    assert run(root, "release", "--effective", "2020-01-01", "--as-of", "2020-01-01").status == 0
    edit(
        root, "practices/all.yaml", "[user.name, user.contact.email]", "[user.name, user.contact.email, user.job_title]"
    )
    commit(root)
    return root


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cases")


@pytest.fixture(scope="module")
def start(folder: Path) -> Path:
    return prepared(folder / "start")


@pytest.fixture(scope="module")
def undecided(start: Path, folder: Path) -> Path:
    root = shutil.copytree(start, folder / "undecided")
    edit(root, "clauses/contact.md", "Write to", "You may write to")
    edit(root, "clauses/sharing/processors.md", "Mail providers", "All mail providers")
    commit(root)
    return root


@pytest.fixture(scope="module")
def pending(start: Path, folder: Path) -> Path:
    root = shutil.copytree(start, folder / "pending")
    assert run(root, *RELEASE).status == 0
    return root


RELEASE = ("release", "--effective", "2020-04-01", "--as-of", "2020-03-01")
BY = ("--by", "A. Lawyer", "--as-of", "2020-03-02")
INIT = (
    "init",
    "--kind",
    "app",
    "--yes",
    "--name",
    "Quince",
    "--email",
    "privacy@quince.example",
    "--address",
    "2 Harbour Street",
    "--time-zone",
    "Europe/Lisbon",
    "--url",
    "https://privacy.quince.example/",
    "--as-of",
    "2020-03-02",
)


def _past(root: Path) -> None:
    """A policy's old repository with two texts, long before the clock of these tests."""
    root.mkdir(parents=True)
    git(root, "init", "--quiet")
    for day, words in (("2018-01-01", "your name"), ("2019-01-01", "your name and your address")):
        (root / "p.md").write_text(f"# Privacy\n\n## Data\n\nWe collect {words}.\n")
        git(root, "add", "--all")
        stamp = f"{day}T12:00:00+00:00"
        subprocess.run(
            ["git", "-c", "user.name=Test", "-c", "user.email=test@post.example", "commit", "--quiet", "-m", day],
            cwd=root,
            check=True,
            env=os.environ | {"GIT_AUTHOR_DATE": stamp, "GIT_COMMITTER_DATE": stamp},
        )


class Cases:
    """Each command in a repository where it has something to do."""

    def __init__(self, folder: Path, start: Path, undecided: Path, pending: Path) -> None:
        self.folder, self.start, self.undecided, self.pending = folder, start, undecided, pending

    def release(self) -> Case:
        return Case(self.start, RELEASE)

    def build(self) -> Case:
        return Case(self.pending, ("build", "--as-of", "2020-03-02"))

    def decide(self) -> Case:
        found = json.loads(run(self.undecided, "diff", "2020-01-01", "draft", "--format", "json").out)
        ids = [each["id"] for each in found["changes"] if each["severity"] == "review"]
        assert len(ids) >= 2
        return Case(self.undecided, ("decide", "--reason", "same", *BY, *ids, "editorial"))

    def withdraw(self) -> Case:
        return Case(self.pending, ("withdraw", "2020-04-01", "--reason", "not now", *BY))

    def reschedule(self) -> Case:
        return Case(self.pending, ("reschedule", "2020-04-01", "--effective", "2020-05-01", "--reason", "later", *BY))

    def attest(self) -> Case:
        return Case(self.pending, ("attest", "2020-04-01", "post", "--note", "Letters went out.", *BY), adds=True)

    def publish_a_translation(self) -> Case:
        root = self.folder / "translated"
        if not root.exists():
            shutil.copytree(self.pending, root)
            translate(root, PROMISE)
            commit(root)
        return Case(root, ("translations", "fr", "--publish", "2020-01-01", *BY))

    def observe(self) -> Case:
        site = self.folder / "published"
        if not site.exists():
            assert run(self.pending, "build", "--as-of", "2020-03-02", "--out", str(site)).status == 0
        return Case(self.pending, ("observe", str(site), "--as-of", "2020-03-02"), adds=True)

    def import_a_file(self) -> Case:
        root = self.folder / "import"
        root.mkdir(exist_ok=True)
        (root / "old.md").write_text("# Privacy\n\nEffective date: 1 May 2019\n\n## Data\n\nWe collect your name.\n")
        return Case(root, ("import", "old.md", "--into", "deep/new"), any_heals=False)

    def import_into_draft(self) -> Case:
        raw = policy_docx(load_draft(self.start / "policy"), NOON.date())
        for words in ("we ask for", "work for us"):
            raw = repacked(raw, replaced(words, words + " always"))
        edited = self.folder / "edited.docx"
        edited.write_bytes(raw)
        return Case(self.start, ("import", "--into-draft", str(edited), "--as-of", "2020-03-02"))

    def import_history(self) -> Case:
        root = self.folder / "history"
        if not root.exists():
            _past(root / "old")
        return Case(root, ("import", "--history", "old:p.md", "--into", "out"), any_heals=False)

    def import_versions(self) -> Case:
        root = self.folder / "history-here"
        if not root.exists():
            repository(root)
            _past(self.folder / "past")
        return Case(
            root, ("import", "--history", f"{self.folder}/past:p.md", "--new-draft", "--as-of", "2020-03-02"), each=SOME
        )

    def import_versions_into_nothing(self) -> Case:
        root = self.folder / "history-empty"
        if not root.exists():
            root.mkdir()
            _past(self.folder / "past-of-it")
        return Case(
            root,
            ("import", "--history", f"{self.folder}/past-of-it:p.md", "--as-of", "2020-03-02"),
            any_heals=False,
            each=SOME,
        )

    def init(self) -> Case:
        root = self.folder / "init"
        root.mkdir(exist_ok=True)
        return Case(root, INIT, any_heals=False, each=SOME)

    def init_with_git(self) -> Case:
        root = self.folder / "init-git"
        root.mkdir(exist_ok=True)
        return Case(root, (*INIT, "--git"), any_heals=False, each=SOME)

    def init_in_git(self) -> Case:
        root = self.folder / "init-in-git"
        if not root.exists():
            root.mkdir()
            git(root, "init", "--quiet")
        return Case(root, INIT, any_heals=False, each=SOME)


ALL = [name for name in vars(Cases) if not name.startswith("_")]
SHORT = ["import_a_file"]  # in the suite that runs with every change


@pytest.fixture
def cases(folder: Path, start: Path, undecided: Path, pending: Path) -> Cases:
    return Cases(folder, start, undecided, pending)


class Trial:
    """One command, tried with faults: what is wrong with each outcome."""

    def __init__(self, case: Case, folder: Path) -> None:
        self.case, self.folder = case, folder
        self.before = state(case.root)
        self.album = folder / "album"
        done = self._clean("first", photograph=True)
        self.after = state(folder / "first")
        assert done.status == 0 and self.after != self.before, done.err
        self._seen: set[tuple[State, frozenset[str]]] = {(self.before, frozenset()), (self.after, frozenset())}

    def _clean(self, name: str, photograph: bool = False) -> Result:
        here = shutil.copytree(self.case.root, self.folder / name, symlinks=True)
        if photograph:
            return faults.photographed(here, self.case.words, _environment(here), self.album)
        return run(here, *self.case.words)

    def kills(self) -> Iterator[str]:
        """What is wrong after a kill at any moment: one run's photographs, and real kills while git runs."""
        photographs = sorted(self.album.iterdir(), key=lambda each: int(each.name))
        assert len(photographs) >= 3
        for here in photographs[:: self.case.each] + photographs[-self.case.each :]:
            yield from self._judged(here, f"{self.case.words[0]} killed after {here.name}")
        for count, line in enumerate(self._clean("second").operations, 1):
            if line.startswith("git "):
                yield from self.fails(count, "KILL-after")

    def errors(self, kind: str = "", chosen: Callable[[list[int]], list[int]] = lambda every: every) -> Iterator[str]:
        """What is wrong after an error at the operations that are `chosen` out of those worth a trial.

        Without a kind the kinds take turns.
        """
        shutil.rmtree(self.folder / "again", ignore_errors=True)
        every = worth(self._clean("again").operations, self.folder / "again")
        for place, count in enumerate(chosen(every[:: self.case.each])):
            yield from self.fails(count, kind or ERRORS[place % len(ERRORS)])

    def fails(self, count: int, kind: str) -> Iterator[str]:
        """What is wrong after one fault of a run."""
        here = shutil.copytree(self.case.root, self.folder / f"{count}-{kind}", symlinks=True)
        failed = run(here, *self.case.words, fault=(count, kind))
        label = f"{self.case.words[0]} {count} {kind} {failed.fault}: {failed.err.strip()[-300:]}"
        now = state(here)
        if "Traceback" in failed.err:
            yield f"TRACEBACK {label}"
        if failed.status == 0 and now != self.after:
            yield f"SAID SO BUT DIDN'T {label}"
        if kind in ("EIO", "EACCES") and now not in (self.before, self.after):
            yield f"BETWEEN {label} | {self._difference(now)}"
        yield from self._judged(here, label)

    def _judged(self, here: Path, label: str) -> Iterator[str]:
        """What the next run makes of it; an outcome that it can't tell from one that was tried is tried once."""
        if not here.exists():
            return  # the last ones were among the sample
        outcome = (state(here), leftovers(here))
        if outcome not in self._seen:
            self._seen.add(outcome)
            yield from self._next(here, label)
        shutil.rmtree(here)

    def _next(self, here: Path, label: str) -> Iterator[str]:
        if self.case.any_heals:
            healed = run(here, "status", "--as-of", "2020-03-02")
            now = state(here)
            if now not in (self.before, self.after):
                yield f"NOT HEALED {label} | {healed.err.strip()[-200:]} | {self._difference(now)}"
        now = state(here)
        again = run(here, *self.case.words)
        there = now == self.after
        if (not there and again.status != 0) or (state(here) != self.after and not (there and self.case.adds)):
            yield f"NEXT RUN {label} | {again.err.strip()[-300:]} | {self._difference(state(here))}"
        if left := leftovers(here):
            yield f"LEFTOVERS {sorted(left)} {label}"

    def _difference(self, now: State) -> str:
        return f"{sorted({name for name, _ in set(now.files) ^ set(self.after.files)})[:4]} {now.git!r}"


def worth(operations: list[str], root: Path) -> list[int]:
    """The operations on the tree itself, and a sample of those in folders that nobody sees until they take their place."""
    chosen, hidden, seen = [], False, 0
    for count, line in enumerate(operations, 1):
        path = line.partition(" ")[2]
        if path.startswith(
            "/"
        ):  # writing and syncing name no path, deleting a whole folder no full one: as the one before
            hidden = not path.startswith(str(root)) or bool(re.search(r"/\.(site|tmp)-[^/]*/", path))
        seen += hidden
        if not hidden or seen % EACH == 0:
            chosen.append(count)
    return chosen


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["KILL", "ERROR"])
@pytest.mark.parametrize("name", ALL)
def test_a_failure_at_every_operation(name: str, kind: str, cases: Cases, tmp_path: Path) -> None:
    trial = Trial(getattr(cases, name)(), tmp_path)
    assert list(trial.kills() if kind == "KILL" else trial.errors()) == []


@pytest.mark.parametrize("name", SHORT)
def test_a_kill_and_some_errors(name: str, cases: Cases, tmp_path: Path) -> None:
    trial = Trial(getattr(cases, name)(), tmp_path)
    found = [*trial.kills(), *trial.errors("ENOSPC", lambda every: every[len(every) // 2 :][:1])]
    assert [*found, *trial.errors("EIO", lambda every: every[-2:-1])] == []


def test_what_was_edited_after_a_kill_stays(cases: Cases, tmp_path: Path) -> None:
    case = cases.import_into_draft()
    here = shutil.copytree(case.root, tmp_path / "here")
    operations = run(shutil.copytree(case.root, tmp_path / "clean"), *case.words).operations
    last = max(count for count, line in enumerate(operations, 1) if line.startswith("replace "))
    assert run(here, *case.words, fault=(last, "KILL-after")).status < 0
    edit(here, "clauses/collection/registration.md", "we ask for always", "we always ask for")
    said = Cli(here)("status", "--as-of", "2020-03-02").stderr
    assert "was interrupted" in said and "registration.md was edited since" in said
    assert "we always ask for" in (here / "policy/clauses/collection/registration.md").read_text()
    assert "always" not in (here / "policy/clauses/sharing/processors.md").read_text()


def test_a_note_in_the_tree_of_a_clone_counts_for_nothing(cases: Cases, tmp_path: Path) -> None:
    here = shutil.copytree(cases.release().root, tmp_path / "here")
    for name in (".git/hooks/post-commit", "../outside", "policy/policy.yaml"):
        noted = {"command": "init", "files": {name: {"old": "evil", "new": "0"}}}
        (here / ".policytrail-files").write_text(json.dumps(noted))
        commit(here)
        before = (here / "policy/policy.yaml").read_bytes()
        Cli(here)("status", "--as-of", "2020-03-02")
        assert not (here / ".git/hooks/post-commit").exists() and not (tmp_path / "outside").exists()
        assert (here / "policy/policy.yaml").read_bytes() == before
