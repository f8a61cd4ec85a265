"""The fast YAML parser and the plain one agree, and the taxonomy's copy is what the installed fideslang says."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from places import ROOT

from policytrail.sources.vocabulary import default_vocabulary, taxonomy

SOURCES = sorted((ROOT / "policy").rglob("*.yaml"))
# What YAML is made of, but for the two signs on which the parsers are known to differ.
PARTS = [
    "- ",
    "a: ",
    "b: [",
    "]",
    "{",
    "}",
    ": ",
    ", ",
    "\n",
    "  ",
    "\n  ",
    "'x'",
    '"y"',
    "# c",
    "|\n  t",
    "> ",
    "&a ",
    "*a",
    "!t ",
    "---\n",
    "...\n",
    "%Y",
    "é",
    "1",
    "null",
    "~",
    "-",
    "x:y",
    "@",
    "`",
    "\n\n",
    "'",
    '"',
    "<<: ",
    "a",
]


def events(text: str, loader: object) -> list[tuple[object, ...]] | None:
    """Kind, value, anchor, tag and line of every event; None where the parser refuses."""
    try:
        return [
            (
                type(each).__name__,
                getattr(each, "value", None),
                getattr(each, "anchor", None),
                getattr(each, "tag", None),
                (each.implicit, each.style or "") if isinstance(each, yaml.ScalarEvent) else None,
                each.start_mark.line if isinstance(each, yaml.NodeEvent) and getattr(each, "value", "x") else None,
            )
            for each in yaml.parse(text, Loader=loader)  # type: ignore[arg-type]
        ]
    except yaml.YAMLError:
        return None


@pytest.mark.skipif(not hasattr(yaml, "CSafeLoader"), reason="this PyYAML has no libyaml, so there is one parser only")
@settings(max_examples=400)
@given(st.lists(st.sampled_from(PARTS), max_size=14).map("".join))
def test_what_libyaml_reads_the_plain_parser_reads_too(text: str) -> None:
    fast = events(text, yaml.CSafeLoader)
    assert fast is None or fast == events(text, yaml.SafeLoader)


@pytest.mark.skipif(not hasattr(yaml, "CSafeLoader"), reason="this PyYAML has no libyaml, so there is one parser only")
@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_both_read_our_own_sources_alike(path: Path) -> None:
    assert events(path.read_text(), yaml.CSafeLoader) == events(path.read_text(), yaml.SafeLoader)


def test_the_copy_of_the_taxonomy_is_not_stale() -> None:
    ours = default_vocabulary().terms
    assert {kind: {key: term.label for key, term in ours[kind].items()} for kind in taxonomy()} == taxonomy()
    assert sum(map(len, taxonomy().values())) > 100
