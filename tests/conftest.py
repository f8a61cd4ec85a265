"""Fixtures that several tests share, and the rule for tools that a machine may lack: skip at home, fail in CI."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import click
import pytest
from click.testing import CliRunner, Result
from hypothesis import settings
from places import ROOT
from samples import repository
from sinks import Server, Sink

from policytrail.cli.main import policytrail, run
from policytrail.model.policy import Snapshot
from policytrail.render.documents import pdf

# A slow machine is no fault of the code: no test has a time to keep. CI repeats its examples, so that a change that fails
# there fails everywhere; at home new ones are looked for each time.
settings.register_profile("policytrail", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("policytrail")


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test writes to the cache of the person who runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POLICYTRAIL_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("POLICYTRAIL_TRACEBACK", "1")  # no test passes over a mistake of ours
        yield


@pytest.fixture(autouse=True)
def without_pdf(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sites are built as on a machine without WeasyPrint, which takes most of a build; tests of PDFs are marked `pdf`."""
    if not request.node.get_closest_marker("pdf"):
        monkeypatch.setattr(pdf, "available", lambda: False)


@pytest.fixture
def chromium() -> str:
    """The path of Chromium; without it the test skips with a reason, and fails in CI."""
    return needed("chromium", "the Debian package chromium")


def needed(command: str, where_from: str) -> str:
    """The path of a program that a test runs for real."""
    found = shutil.which(command)
    if not found:
        missing(f"{command} isn't on this machine; install {where_from}")
    return found


def missing(reason: str) -> NoReturn:
    """Something that a test runs for real isn't there: skip at home, fail in CI."""
    if os.environ.get("CI"):
        pytest.fail(reason + " (CI must not skip this)")
    pytest.skip(reason)


class Cli:
    """The command line as its users meet it: exit status, standard output, standard error."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *words: str) -> Result:
        before = Path.cwd()
        os.chdir(self.folder)
        try:
            return CliRunner().invoke(_entry, list(words))
        finally:
            os.chdir(before)


def _make_entry() -> click.Command:
    @click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
    @click.argument("words", nargs=-1, type=click.UNPROCESSED)
    def entry(words: tuple[str, ...]) -> None:
        raise SystemExit(run(lambda: policytrail(list(words), standalone_mode=False)))

    return entry


_entry = _make_entry()


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A git repository with the sample policy, nothing released."""
    return repository(tmp_path / "repo")


@pytest.fixture
def cli(repo: Path) -> Cli:
    """The command line in the sample repository."""
    return Cli(repo)


@pytest.fixture(scope="session")
def released_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample repository with its first version released, made once: tests get copies."""
    root = repository(tmp_path_factory.mktemp("released") / "repo")
    result = Cli(root)("release", "--effective", "2020-01-01", "--as-of", "2020-01-01")
    assert result.exit_code == 0, result.output
    return root


@pytest.fixture
def released(repo: Path, released_once: Path) -> Path:
    """The sample repository with its first version released, in force from 2020-01-01."""
    shutil.rmtree(repo)
    shutil.copytree(released_once, repo, symlinks=True)
    return repo


@pytest.fixture(scope="session")
def pending_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample repository with a material version announced, made once: tests get copies."""
    from notices import with_pending

    return with_pending(tmp_path_factory.mktemp("pending") / "repo")


@pytest.fixture
def root(pending_once: Path, tmp_path: Path) -> Path:
    """A repository with a pending version, whose branch follows a bare remote."""
    from notices import with_remote

    shutil.copytree(pending_once, tmp_path / "repo")
    with_remote(tmp_path / "repo")
    return tmp_path / "repo"


@pytest.fixture
def sink() -> Iterator[Server]:
    """A mail server that keeps what it takes."""
    with Server(Sink()) as server:
        yield server


@pytest.fixture
def exported(repo: Path) -> bytes:
    """The sample draft as a Word file."""
    from word_samples import NOON

    from policytrail.render.documents.docx_package import policy_docx
    from policytrail.sources.load import load_draft

    return policy_docx(load_draft(repo / "policy"), NOON.date())


@pytest.fixture(scope="session")
def real() -> tuple[Snapshot, dict[str, str], Callable[[str, str], str]]:
    """The worked example with its clauses as written, and what fills them in."""
    from policytrail.sources.load import read_sources
    from policytrail.sources.templates.context import context
    from policytrail.sources.templates.fast_path import fill

    sources, draft = read_sources(ROOT / "policy")
    names = context(draft.policy, draft.practices, draft.vocabulary)
    bodies = {name: clause.text for name, (clause, _) in sources.bodies.items()}
    return draft, bodies, lambda name, text: fill(name, 1, text, names)
