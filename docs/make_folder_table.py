#!/usr/bin/env python3
"""Write the table of folders in docs/architecture.md from the import contracts in pyproject.toml. A test tells when it is stale.

python docs/make_folder_table.py
"""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/architecture.md"
_PACKAGE = "policytrail"
_START = "<!-- Written by docs/make_folder_table.py from pyproject.toml and the folders' docstrings. -->\n"
_END = "<!-- End of the table of folders. -->\n"


def with_table(page: str) -> str:
    """In: docs/architecture.md. Out: the same page with the table as the contracts have it now."""
    before, rest = page.split(_START)
    return before + _START + "\n" + "\n".join(_table()) + "\n\n" + _END + rest.split(_END)[1]


def _table() -> list[str]:
    layers, forbidden = _contracts()
    rows = ["| folder | what happens to the policy there | may import |", "| --- | --- | --- |"]
    for number, names in enumerate(layers):
        below = [name for layer in layers[number + 1 :] for name in layer]
        for name in names:
            barred = forbidden.get(name, set())
            allowed = [each for each in below if each not in barred]
            listed = "all below" if len(allowed) == len(below) and below else ", ".join(allowed) or "-"
            rows.append(f"| `{name}` | {_description(name)} | {listed} |")
    return rows


def _contracts() -> tuple[list[list[str]], dict[str, set[str]]]:
    """The layers, from the ends to the model, and the folders that are forbidden to some folder besides."""
    contracts: list[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    (layers,) = [
        [re.split(r" [|:] ", layer) for layer in each["layers"]] for each in contracts if each["type"] == "layers"
    ]
    forbidden: dict[str, set[str]] = {}
    for each in contracts:
        if each["type"] == "forbidden":
            ours = {_folder(name) for name in each["forbidden_modules"] if name.startswith(f"{_PACKAGE}.")}
            for name in each["source_modules"]:
                forbidden.setdefault(_folder(name), set()).update(ours)
    return layers, forbidden


def _folder(module: str) -> str:
    return module.removeprefix(f"{_PACKAGE}.")


def _description(name: str) -> str:
    """The first line of what the folder, or the module, says of itself."""
    at = ROOT / "src" / _PACKAGE / name
    path = at / "__init__.py" if at.is_dir() else at.with_suffix(".py")
    return (ast.get_docstring(ast.parse(path.read_text())) or "").partition("\n")[0]


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text()))
