"""Readers of strangers' files never crash: whatever comes in, they read it or refuse it in words. `bench/fuzz.py` goes on for longer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import CLAUSES, write_policy

from policytrail import compare_texts
from policytrail.errors import SourceError
from policytrail.importers.formats.read import FORMATS
from policytrail.sources.load import load_draft
from policytrail.storage.resource_limits import bounded

SIGNS = [
    "---\n",
    "{{ ",
    " }}",
    "{% for a in b %}",
    "{% endfor %}",
    "&a ",
    "*a",
    "<<: ",
    "!!x ",
    "- id: ",
    ": ",
    "\n",
    "\t",
    "[",
    "]",
    "{",
    "}",
    "](",
    "\u202e",
    "\u200b",
    "\x00",
    "e\u0301",
    "<b>",
    "</table>",
    "<!--",
    "&#0;",
    "javascript:",
    "# ",
    "> ",
    "1. ",
    "|",
    "`",
    "~",
    "9" * 40,
    "'",
    '"',
]
# (place as a fraction, how much is taken out, what is put in)
EDITS = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.integers(0, 40),
        st.sampled_from(SIGNS) | st.text(max_size=8) | st.integers(1, 60).map("[".__mul__),
    ),
    min_size=1,
    max_size=6,
)
FILES = [
    "policy.yaml",
    "practices/all.yaml",
    "recipients.yaml",
    "vocabulary.yaml",
    *(f"clauses/{name}.md" for name in CLAUSES),
]


def mutated(text: str, edits: list[tuple[float, int, str]]) -> str:
    for place, length, new in edits:
        at = int(place * len(text))
        text = text[:at] + new + text[at + length :]
    return text


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_policy(tmp_path_factory.mktemp("fuzz"))


@given(name=st.sampled_from(FILES), edits=EDITS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_mutated_sources_are_read_or_refused(sources: Path, name: str, edits: list[tuple[float, int, str]]) -> None:
    path = sources / "policy" / name
    before = path.read_bytes()
    path.write_bytes(mutated(before.decode(), edits).encode("utf-8", "surrogatepass"))
    try:
        load_draft(sources / "policy")
    except SourceError as error:
        assert error.problems
        assert all(each.path.startswith("policy") and each.message for each in error.problems)
    finally:
        path.write_bytes(before)


@given(name=st.sampled_from(FILES), raw=st.binary(max_size=200))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_bytes_as_sources_are_refused(sources: Path, name: str, raw: bytes) -> None:
    path = sources / "policy" / name
    before = path.read_bytes()
    path.write_bytes(raw)
    try:
        load_draft(sources / "policy")
    except SourceError as error:
        assert error.problems
    finally:
        path.write_bytes(before)


PAGE = "<html><body><h1>Policy</h1><p>We <b>collect</b> <a href='/x'>data</a>.</p><ul><li>a</ul><table><tr><td>x</table></body></html>"
PLAIN = (
    "# Policy\n\nWe collect [data](https://a.example/).\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> said\n"
)


@pytest.mark.parametrize(("ending", "sample"), [(".md", PLAIN), (".html", PAGE), (".txt", PLAIN)])
@given(edits=EDITS, raw=st.none() | st.binary(max_size=300))
@settings(max_examples=40, deadline=None)
def test_files_to_import_are_read_or_refused(
    ending: str, sample: str, edits: list[tuple[float, int, str]], raw: bytes | None
) -> None:
    read: Callable[[str, bytes], object] = FORMATS[ending]
    try:
        read(f"x{ending}", mutated(sample, edits).encode("utf-8", "surrogatepass") if raw is None else raw)
    except SourceError as error:
        assert error.problems


@given(edits=EDITS)
@settings(max_examples=40, deadline=None)
def test_what_differs_has_a_change_and_what_is_equal_has_none(edits: list[tuple[float, int, str]]) -> None:
    old = PLAIN * 2
    new = mutated(old, edits)
    assert compare_texts(old, old).changes == ()
    if old.split() != new.split():
        assert compare_texts(old, new).changes, new


RUNS = [
    "0",
    "a",
    "A",
    "é",
    " ",
    "\n",
    "-",
    ".",
    "a.",
    "a-",
    "www.",
    "a@",
    "](",
    "![",
    "[a](",
    "<",
    "<!--",
    "*",
    "`",
    "0.",
    "00,",
    "| ",
    "$",
    "{{",
]


@pytest.mark.slow
@pytest.mark.parametrize("run", RUNS)
def test_a_run_of_one_thing_is_compared_in_its_lengths_time(run: str) -> None:
    """Expressions that looked back from each place took minutes for these; the bound is far above what they take now."""
    text = run * (40_000 // len(run))
    with bounded(seconds=60):
        assert compare_texts(f"We sell data. {text}", f"We share data. {text}!").changes
