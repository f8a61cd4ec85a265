"""The places of a policy repository are named once, and nothing else is passed around."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from places import ROOT

from policytrail.workspace import APPROVERS, DECISIONS, MAIN, POLICY, SITE, STATE, TEMPLATES, VERSIONS, Workspace

PACKAGE = ROOT / "src/policytrail"
PLACES = {POLICY, VERSIONS, SITE, STATE, DECISIONS, APPROVERS, "decisions.yaml", "approvers.yaml"}
# Not a place of the repository: the report of an import has a folder of that name, a built site is proved in a scratch folder.
OTHERS = {("cli/imports/import_history.py", VERSIONS), ("publish/build_site.py", SITE)}


def modules() -> list[tuple[str, ast.Module]]:
    return [
        (path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text()))
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.name != "workspace.py" or path.parent != PACKAGE
    ]


def test_no_other_module_joins_the_name_of_a_fixed_place() -> None:
    found = {
        (name, node.right.value)
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
        if isinstance(node.right, ast.Constant) and node.right.value in PLACES
    }
    assert found == OTHERS


def test_only_edges_take_a_bare_root() -> None:
    found = {
        name
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.arg) and node.arg == "root"
        if node.annotation is not None and "Path" in ast.unparse(node.annotation)
    }
    assert found == {"publish/__init__.py", "publish/mkdocs_plugin.py"}


def test_each_document_has_places_of_its_own() -> None:
    workspace = Workspace(Path("/srv/policy"))
    main, other = workspace.document(), workspace.document("cookies")
    assert main == workspace.document(MAIN)
    assert (main.sources, main.versions) == (workspace.policy, workspace.versions)
    assert main.version("2020-01-01") == workspace.version("2020-01-01") == Path("/srv/policy/versions/2020-01-01")
    assert workspace.evidence("2020-01-01", 7, "site") == main.version("2020-01-01") / "evidence/0007-site.json"
    assert (main.tag("2020-01-01"), other.tag("2020-01-01")) == ("2020-01-01", "cookies/2020-01-01")
    assert other.version("2020-01-01") == Path("/srv/policy/versions/cookies/2020-01-01")
    assert other.clauses == Path("/srv/policy/policy/documents/cookies/clauses")
    assert not {main.sources, main.versions, main.clauses} & {other.sources, other.versions, other.clauses}


@pytest.mark.parametrize("name", ["policy", "versions", "templates", "site", "decisions", "approvers", "configuration"])
def test_a_place_is_shown_from_the_root(name: str) -> None:
    workspace = Workspace(Path("/srv/policy"))
    shown = workspace.shown(getattr(workspace, name))
    assert workspace.root / shown == getattr(workspace, name)
    assert not shown.startswith("/")


def test_templates_of_ones_own_lie_beside_the_sources() -> None:
    workspace = Workspace(Path("here"))
    assert workspace.templates == Path("here") / TEMPLATES
    assert workspace.ledger == Path("here") / STATE / "ledger.sqlite"
