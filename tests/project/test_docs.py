"""The docs are true: every command runs as it is shown, every option exists, every link leads somewhere, nothing is stale."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import docs_runner
import pytest
import wheel
from places import ROOT

from conftest import Cli
from policytrail.cli.main import COMMANDS, policytrail

PAGES = sorted([*(ROOT / "docs").rglob("*.md"), ROOT / "README.md"])
RUN = [each for each in PAGES if docs_runner.start(each.read_text())]
TUTORIAL = ROOT / "docs/tutorial/lawyer.md"
_INSTALL = "$ python -m pip install policytrail\n"
_FIRST = (
    'policytrail init --kind shop --name Quince --email privacy@quince.example --address "2 Harbour Street, Porto" '
    "--time-zone Europe/Lisbon --url https://privacy.quince.example/ --git --yes"
)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def prepared(where: str, folder: Path, day: str) -> None:
    """Make what a page starts from."""
    folder.mkdir()
    if where.startswith("a shop"):
        text = f"```console\n$ {_FIRST}\n$ policytrail release --effective {day}\n```\n"
        docs_runner.run(text, folder, Path(sys.executable).parent, day)
    elif where.startswith("the example"):
        subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
    else:
        assert where.startswith("an empty folder"), where


@pytest.mark.slow
@pytest.mark.parametrize("path", [pytest.param(each, id=name_of(each)) for each in RUN])
def test_every_command_runs_as_it_is_shown(path: Path, tmp_path: Path) -> None:
    page = path.read_text().replace(_INSTALL, "")
    where, day = docs_runner.start(page) or ("", "")
    prepared(where, tmp_path / "work", day)
    assert docs_runner.run(page, tmp_path / "work", Path(sys.executable).parent, day) > 0


def test_no_page_shows_commands_that_are_not_run() -> None:
    for path in PAGES:
        if "```console" in path.read_text():
            assert path in RUN, (
                f"{name_of(path)}: say where its commands start, with <!-- docs-test: WHERE, on DATE -->"
            )


@pytest.mark.slow
def test_ten_commands_from_the_wheel_to_a_site_with_a_pending_version(tmp_path: Path) -> None:
    page = TUTORIAL.read_text()
    scripts = wheel.installed(tmp_path)
    (built,) = (tmp_path / "dist").glob("*.whl")
    assert _INSTALL in page
    page = page.replace(_INSTALL, f"$ python -m pip install --quiet --no-deps --force-reinstall {built}\n")
    work = tmp_path / "work"
    work.mkdir()
    assert docs_runner.run(page, work, scripts, "2026-03-02") == 10
    assert "phone number" in (work / "site/upcoming/index.html").read_text()
    assert 'id="policy-notice"' in (work / "site/index.html").read_text()
    assert "The new carrier calls before it delivers" in (work / "site/audit/index.html").read_text()


def shown_commands() -> list[tuple[str, str]]:
    """Every line or piece of code in the docs that begins with `policytrail COMMAND`."""
    found = []
    for path in PAGES:
        if "reference" in path.parts:
            continue
        pieces = re.findall(
            r"`(policytrail [a-z][^`\n]*)`|^(?:\$ |    )(?:\.venv/bin/)?(policytrail [a-z].*)$", path.read_text(), re.M
        )
        found += [(name_of(path), one or two) for one, two in pieces]
    return found


@pytest.mark.slow
def test_the_commands_of_the_readme_run_in_this_repository(tmp_path: Path) -> None:
    prepared("the example", tmp_path / "work", "")
    lines = re.findall(r"^    \.venv/bin/([^#\n]+)", (ROOT / "README.md").read_text(), re.M)
    assert len(lines) >= 5
    text = "".join(f"$ {line.strip()}\n" for line in lines)
    ran = docs_runner.run(f"```console\n{text}```\n", tmp_path / "work", Path(sys.executable).parent)
    assert ran == len(lines)


@pytest.mark.parametrize(("page", "words"), shown_commands())
def test_every_mentioned_command_and_option_exists(page: str, words: str) -> None:
    _, name, *_ = words.split()
    assert name in COMMANDS, f"{page}: {words}"
    command = policytrail.get_command(click.Context(policytrail), name)
    assert command is not None
    known = {option for param in command.params for option in param.opts} | {"--help"}
    used = re.findall(r"(?<=\s)--[a-z][a-z-]*", re.sub(r'"[^"]*"', "", words))
    assert set(used) <= known, f"{page}: {words}"


def test_the_reference_is_not_stale() -> None:
    spec = importlib.util.spec_from_file_location("make_reference", ROOT / "docs/make_reference.py")
    assert spec and spec.loader
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    pages = made.pages()
    for name, text in pages.items():
        assert (ROOT / "docs/reference" / name).read_text() == text, f"{name} is stale: python docs/make_reference.py"
    assert {each.name for each in (ROOT / "docs/reference").iterdir()} == set(pages)


def test_every_key_says_what_it_means() -> None:
    rows = re.findall(r"^- `(\w+)`(?: \(.+?\))?: ?(.*)$", (ROOT / "docs/reference/keys.md").read_text(), re.MULTILINE)
    assert len(rows) > 150
    assert [name for name, meaning in rows if not meaning.endswith(".")] == []


def test_the_docs_build_without_a_warning(tmp_path: Path) -> None:
    scripts = Path(sys.executable).parent
    words = [scripts / "mkdocs", "build", "--strict", "--site-dir", tmp_path / "out", "-f", ROOT / "mkdocs.docs.yml"]
    done = subprocess.run([str(each) for each in words], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    html = (tmp_path / "out/tutorial/lawyer/index.html").read_text()
    assert not re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="https?:', html)


def test_the_runner_finds_what_is_wrong(tmp_path: Path) -> None:
    """A runner that let everything pass would make all of the above worthless."""
    scripts = Path(sys.executable).parent
    for text in ("$ false\n", "$ echo one\ntwo\n", "$ true\n(exit status 1)\n"):
        with pytest.raises(AssertionError):
            docs_runner.run(f"```console\n{text}```\n", tmp_path, scripts, "2026-03-02")
    good = "```console\n$ echo one  two three\none t…o three\n$ exit 3\n(exit status 3)\n```\n"
    assert docs_runner.run(good, tmp_path, scripts, "2026-03-02") == 2


def test_the_hook_for_other_repositories_runs(repo: Path, cli: Cli) -> None:
    import yaml

    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    program, *words = hook["entry"].split()
    assert program == "policytrail" and shutil.which(program, path=str(Path(sys.executable).parent))
    assert cli(*words).exit_code == 0
    (repo / "policy/policy.yaml").write_text("title: only this\n")
    assert cli(*words).exit_code == 1
