"""The live preview as a process of its own: a save is on the page within a second, mistakes stand beside their clauses."""

from __future__ import annotations

import re
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from places import ROOT
from samples import edit, repository

from conftest import Cli
from policytrail.errors import Problem
from policytrail.publish.preview import Preview, clauses_of
from policytrail.publish.preview_server import for_this_machine
from policytrail.sources.load import placed, read_sources
from policytrail.workspace import Workspace

CONFIG = ROOT / "mkdocs.yml"
PROMISE = "clauses/sharing/promise.md"
Page = Callable[[str], str]


@contextmanager
def serving(root: Path, *command: str) -> Iterator[Page]:
    """`policytrail serve` (or mkdocs) in a process of its own; gives what reads a page of it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (root / "templates").mkdir(exist_ok=True)
    (root / "mkdocs.yml").write_text(CONFIG.read_text())
    words = command or ("-m", "policytrail", "serve", "--address")
    with (root.parent / "serve.log").open("wb") as log:
        started = subprocess.Popen([sys.executable, *words, f"127.0.0.1:{port}"], cwd=root, stdout=log, stderr=log)

    def page(path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=10) as answer:
            return str(answer.read().decode())

    try:
        until(lambda: (page("draft/"), True)[1], 30)
        yield page
    finally:
        started.terminate()
        started.wait(10)


def until(holds: Callable[[], bool], seconds: float) -> float:
    """Wait until something holds; how long that took."""
    begun = time.perf_counter()
    while True:
        try:
            if holds():
                return time.perf_counter() - begun
        except OSError:
            pass
        assert time.perf_counter() - begun < seconds, f"not within {seconds} seconds"
        time.sleep(0.01)


def shown(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.slow
def test_a_save_is_seen_within_a_second(released: Path) -> None:
    with serving(released) as page:
        taken = []
        for number in range(5):
            before = f"told below ({number - 1})" if number else "told below"
            edit(released, PROMISE, before, f"told below ({number})")
            taken.append(until(lambda word=f"told below ({number})": word in page("draft/"), 10))  # type: ignore[misc]
    assert statistics.median(taken) < 1, taken


def test_only_this_machine_is_answered() -> None:
    def pages(environ: Any, start: Any) -> list[bytes]:
        return [b"the draft"]

    app = for_this_machine(pages, "Box.example")
    told: list[str] = []
    for host in ("127.0.0.1:8000", "localhost", "[::1]:8000", "box.example:80", "192.168.1.7"):
        assert list(app({"HTTP_HOST": host}, lambda status, _: told.append(status))) == [b"the draft"], host  # type: ignore[arg-type,return-value]
    assert told == []
    for host in ("evil.example:8000", "", "127.0.0.1.evil.example", "localhost.evil.example", "["):
        said = list(app({"HTTP_HOST": host}, lambda status, _: told.append(status)))  # type: ignore[arg-type,return-value]
        assert b"isn't shown" in said[0], host
    assert set(told) == {"403 Forbidden"}


@pytest.mark.slow
def test_mistakes_stand_beside_their_clause_and_go_when_mended(released: Path) -> None:
    with serving(released) as page:
        edit(released, PROMISE, "We do not sell", "We do not sell {{ oops }}")
        until(lambda: "Fix first" in page("draft/"), 10)
        html = page("draft/")
        clause = html.partition('id="sharing/promise"')[2].partition('id="sharing/processors"')[0]
        assert "policy/clauses/sharing/promise.md:5" in clause and "&#39;oops&#39; is undefined" in clause
        assert "We do not sell or share" in shown(clause)
        edit(released, PROMISE, "We do not sell {{ oops }}", "We do not rent")
        until(lambda: "Fix first" not in page("draft/"), 10)
        html = page("draft/")
        assert "<del>" in html and "policytrail decide c" in html
        assert "The notice as it would be" in shown(html)


@pytest.mark.slow
def test_mkdocs_serve_shows_the_same_draft(released: Path) -> None:
    edit(released, PROMISE, "We do not sell", "We do not rent")
    with serving(released, "-m", "mkdocs", "serve", "-a") as page:
        assert "We do not rent" in shown(page("draft/"))


def test_a_problem_finds_its_clause(tmp_path: Path) -> None:
    root = repository(tmp_path / "repo")
    sources, draft = read_sources(root / "policy")
    places = placed(sources)
    assert clauses_of(Problem(f"policy/{PROMISE}", 9, ""), draft, places) == ("sharing/promise",)
    path, line = places["sharing.processors"]
    assert clauses_of(Problem(path, line + 2, ""), draft, places) == ("sharing/processors",)
    assert clauses_of(Problem("policy/policy.yaml", 3, ""), draft, places) == ()


def test_the_preview_works_before_the_first_version_and_keeps_the_last_sound_draft(repo: Path, cli: Cli) -> None:
    preview = Preview(Workspace(repo))
    first = preview.shown(None)
    assert first.draft is not None and first.review is not None and first.review.notice is not None
    edit(repo, PROMISE, "We do not sell", "We do not {% sell %}")
    broken = preview.shown(None)
    assert broken.review is not None
    assert broken.draft == first.draft
    assert list(broken.review.beside) == ["sharing/promise"]
    assert broken.review.notice is None


def test_an_address_in_use_and_a_missing_file_are_one_sentence(released: Path, cli: Cli) -> None:
    assert "mkdocs.yml: This file is missing." in cli("serve").stderr
    (released / "mkdocs.yml").write_text(CONFIG.read_text())
    (released / "templates").mkdir()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = cli("serve", "--address", f"127.0.0.1:{taken.getsockname()[1]}")
    assert result.exit_code == 2
    assert "is in use by another program" in result.stderr
    assert "The draft is at http://127.0.0.1:" in result.stderr


@pytest.mark.parametrize(
    "address", ["8000", "localhost", "127.0.0.1:0", "127.0.0.1:99999", "127.0.0.1:x", "::", "nowhere.invalid:8000"]
)
def test_an_address_that_is_none_is_one_sentence(released: Path, cli: Cli, address: str) -> None:
    result = cli("serve", "--address", address)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"--address can't be {address!r}")
    assert len(result.stderr.splitlines()) == 1
