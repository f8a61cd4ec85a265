"""docs/contributing.md is true: what it names is there, entries are registered where it says, and its changes can be made."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import pytest
from places import ROOT

import policytrail
from conftest import Cli
from policytrail.check import formats
from policytrail.check.run import run
from policytrail.classify import engine as _entered  # noqa: F401  (enters the rules)
from policytrail.classify.rules.registry import RULES
from policytrail.cli.main import COMMANDS
from policytrail.errors import UsageError
from policytrail.importers.formats import read
from policytrail.languages import catalogue
from policytrail.notify.channels import registry as channels
from policytrail.notify.channels.channel import Options
from policytrail.notify.ledger import migrations
from policytrail.schedule.duties.regime_table import TABLE
from policytrail.schedule.duties.regimes import REGIMES
from policytrail.workspace import Workspace

PACKAGE = Path(policytrail.__file__).parent
PAGE = (ROOT / "docs/contributing.md").read_text()
ROWS = {
    row[1]: (row[2], row[3])
    for row in re.finditer(r"^\| (?!change |---)(.+?) \| (.*?) ?\| (.*?) ?\|$", PAGE, re.MULTILINE)
}
TWELVE = (
    "a kind of change",
    "a channel",
    "a document",
    "a language",
    "an importer",
    "the look of a page",
    "a regime",
    "a column of the ledger",
    "MkDocs replaced",
    "a command",
    "a format of `check`",
    "the engine dropped",
)
PATHS = sorted(
    {each for row in ROWS.values() for cell in row for each in re.findall(r"`([\w.-]+(?:/[\w.-]*)+|\w+\.\w+)`", cell)}
)
REGISTRIES = sorted(
    {found for _, cell in ROWS.values() for found in re.findall(r"`([A-Z]+|rule)` of `([\w/]+\.py)`", cell)}
)


def modules(folder: Path) -> set[str]:
    """The names of the modules in a folder, its __init__ apart."""
    return {path.stem for path in folder.glob("*.py")} - {"__init__"}


def files_with_imports(name: str) -> set[str]:
    """The package's files that import something of that name, by their paths below the package."""
    pattern = re.compile(rf"^\s*(?:from|import) (?:\S*\.)?{name}\b", re.MULTILINE)
    return {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py") if pattern.search(path.read_text())}


def test_the_page_has_the_twelve_changes() -> None:
    assert len(ROWS) == len(TWELVE)
    assert [name for name in TWELVE if not any(row.startswith(name) for row in ROWS)] == []


@pytest.mark.parametrize("path", PATHS)
def test_what_the_page_names_exists(path: str) -> None:
    path = path.replace("LANG", "fr")
    assert (PACKAGE / path).exists() or (ROOT / path).exists()


@pytest.mark.parametrize(("name", "path"), REGISTRIES)
def test_each_registry_is_where_the_page_says(name: str, path: str) -> None:
    module = import_module("policytrail." + path.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    assert hasattr(module, name)
    assert re.search(rf"^(?:def )?{name}\b", (PACKAGE / path).read_text(), re.MULTILINE), "defined elsewhere"


def test_the_page_names_every_registry_that_its_changes_need() -> None:
    assert {name for name, _ in REGISTRIES} == {"CHANNELS", "COMMANDS", "FORMATS", "STEPS", "TABLE", "rule"}


def test_every_file_of_rules_enters_rules() -> None:
    entered = {rule.judge.__module__.rpartition(".")[2] for rule in RULES.values()}
    assert entered == modules(PACKAGE / "classify/rules") - {"registry"}


def test_every_command_is_one_file_and_one_line() -> None:
    folders = [path for path in (PACKAGE / "cli").iterdir() if path.is_dir() and path.name != "__pycache__"]
    commands = {
        f"{folder.name}.{path.stem}"
        for folder in folders
        for path in folder.glob("*.py")
        if re.search(r"^@click\.command\(", path.read_text(), re.MULTILINE)
    }
    assert commands == {module for module, _ in COMMANDS.values()}


def test_every_format_of_check_is_one_file_and_one_line() -> None:
    assert set(formats.FORMATS.values()) == {
        name
        for name in modules(PACKAGE / "check/formats")
        if hasattr(import_module(f"policytrail.check.formats.{name}"), "render")
    }


def test_every_step_of_the_ledger_is_one_file_and_one_line() -> None:
    steps = [step.__module__.rpartition(".")[2] for step in migrations.STEPS]
    assert steps == sorted(modules(PACKAGE / "notify/ledger/migrations"))


def test_the_table_of_regimes_is_what_policies_may_name() -> None:
    assert [regime.id for regime in TABLE] == list(REGIMES)


def test_every_language_is_one_file() -> None:
    for path in (PACKAGE / "languages").glob("*.json"):
        assert (found := catalogue(path.stem)) is not None and found.language == path.stem


def test_only_the_named_files_know_the_sites_engine() -> None:
    named = re.findall(r"`((?:publish|cli)/[\w/]+\.py)`", " ".join(ROWS["MkDocs replaced"]))
    assert files_with_imports("mkdocs") == set(named)


def test_only_the_named_files_know_the_workers_engine() -> None:
    named = set(re.findall(r"`((?:notify|cli/notice)/[\w/]+\.py)`", ROWS["the engine dropped"][0]))
    assert files_with_imports("procrastinate") | files_with_imports("worker_engine") == named


def test_a_workspace_knows_the_places_of_each_document(tmp_path: Path) -> None:
    cookies = Workspace(tmp_path).document("cookies")
    assert cookies.sources == tmp_path / "policy/documents/cookies"
    assert cookies.version("2026-03-02") == tmp_path / "versions/cookies/2026-03-02"


# Following the list


def test_a_format_of_check_is_added(released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "loud.py").write_text("def render(review):\n    return f'EXIT {review.exit_status}'\n")
    monkeypatch.setattr(formats, "__path__", [*formats.__path__, str(tmp_path)])
    monkeypatch.setitem(formats.FORMATS, "loud", "loud")
    assert formats.render("loud", run(Workspace(released), None)) == "EXIT 0\n"


def test_a_command_is_added(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = import_module("policytrail.cli.draft")
    (tmp_path / "greet.py").write_text(
        "import click\n\n@click.command('greet')\ndef command():\n    '''Greet.'''\n    click.echo('Good day.')\n"
    )
    monkeypatch.setattr(folder, "__path__", [*folder.__path__, str(tmp_path)])
    monkeypatch.setitem(COMMANDS, "greet", ("draft.greet", "Greet."))
    assert cli("greet").stdout == "Good day.\n" and "greet" in cli("--help").stdout


def test_an_importer_is_added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def convert(name: str, raw: bytes) -> Any:
        return read.FORMATS[".md"](name, raw.replace(b"= ", b"# "))

    (tmp_path / "policy.adoc").write_text("= Privacy\n\nWe ask for your name.\n")
    monkeypatch.setitem(read.FORMATS, ".adoc", convert)
    assert read.read(tmp_path / "policy.adoc").markdown.startswith("# Privacy\n")


def test_a_channel_is_added(monkeypatch: pytest.MonkeyPatch) -> None:
    options, asked = cast(Options, None), []

    def provider(url: str, options: Options) -> Any:
        asked.append(url)
        return "a provider"

    with pytest.raises(UsageError):
        channels.destination("provider://key@eu", options)
    monkeypatch.setitem(channels.CHANNELS, "provider", provider)
    assert str(channels.destination("provider://key@eu", options)) == "a provider" and asked == ["provider://key@eu"]
