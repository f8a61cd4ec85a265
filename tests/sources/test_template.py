"""Clause templates say what Jinja itself would say for them, or refuse where it would."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2.exceptions import TemplateError

from policytrail.errors import SourceError
from policytrail.sources.templates import fast_path, parser
from policytrail.sources.templates.context import FILTERS as KNOWN

NAMES: dict[str, Any] = {
    "organization": {"name": "Lärkspur *Mail*", "group": ["A", "B"], "none": None},
    "policy": {"days": 30, "on": True, "empty": [], "date": "2014-01-01"},
    "practices": {"a": {"data": ["name", "e-mail"], "nested": [["x", "y"], []]}},
}
VALUES = st.sampled_from(
    [
        "organization.name",
        "organization.group",
        "organization.none",
        "organization.nobody",
        "policy.days",
        "policy.on",
        "policy.empty",
        "policy.date",
        "practices.a.data",
        "practices.a",
        "practices.b.c",
        "missing",
        "each",
        "inner",
        "3",
        "'wörd'",
        "true",
    ]
)
FILTERS = st.sampled_from(
    [
        "",
        " | and_list",
        " | or_list",
        " | join('; ')",
        ' | join("; ")',
        " | lower",
        " | upper",
        " | capitalize",
        " | first",
        " | last",
        " | length",
        " | in_words",
        " | length | upper",
    ]
)
EXPRESSION = st.builds(str.__add__, VALUES, FILTERS)
TEST = st.one_of(
    EXPRESSION,
    st.builds("not {}".format, VALUES),
    st.builds(
        "{} {} {}".format, EXPRESSION, st.sampled_from(["==", "!=", "<", ">=", "and", "or", "in", "not in"]), VALUES
    ),
    st.builds("1 < {} <= {}".format, VALUES, VALUES),
)
PRINTED = st.one_of(
    st.sampled_from(["Text. ", "\n", "*", "{# no #}", "é "]),
    st.builds("{{{{ {} }}}}".format, EXPRESSION),
    st.builds("{{{{{}}}}}".format, EXPRESSION),
    st.builds(
        "{}{{{{ {} }}}}{}".format, st.sampled_from(["{", "\\", "{{ '"]), VALUES, st.sampled_from(["}", "}}", "' }}"])
    ),
    st.builds("{{{{ {} if {} }}}}".format, VALUES, TEST),
    st.builds("{{{{ {} if {} else {} }}}}".format, VALUES, TEST, EXPRESSION),
)
PLAIN = st.lists(PRINTED, max_size=3).map("".join)


def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        PLAIN,
        st.builds(
            "{{% if {} %}}{}{{% elif {} %}}{}{{% else %}}{}{{% endif %}}".format, TEST, inner, TEST, PLAIN, PLAIN
        ),
        st.builds("{{% if {} %}}{}{{% endif %}}{}".format, TEST, inner, PLAIN),
        st.builds(
            "{{% for {} in {} %}}{}{{% else %}}{}{{% endfor %}}".format,
            st.sampled_from(["each", "inner"]),
            VALUES,
            inner,
            PLAIN,
        ),
    )


BODY = nested(nested(PLAIN))
WRONG = (TemplateError, TypeError, ValueError, LookupError)


@settings(max_examples=60)
@given(BODY.map("{}{{{{ policy.days }}}}".format))  # text without a template is left as it is, its last line end too
def test_it_says_what_jinja_says(text: str) -> None:
    try:
        tree = parser.parse("c.md", 1, text)
        jinja: str | None = parser.environment(KNOWN).from_string(tree).render(NAMES)
    except (SourceError, *WRONG):
        jinja = None
    try:
        ours: str | None = fast_path.fill("c.md", 1, text, NAMES)
    except SourceError:
        ours = None
    assert ours == jinja


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("one\ntwo {{ policy.nothing }}", 2),
        ("{% for each in policy.days %}\n{% endfor %}", 1),
        ("{% for each in practices.a.data %}\n\n{{ each.more }}{% endfor %}", 3),
        ("{% if policy.on %}\n{% if missing %}x{% endif %}{% endif %}", 2),
        ("a\n{{ organization }}", 2),
    ],
)
def test_what_cannot_be_filled_in_is_refused_at_its_line(text: str, line: int) -> None:
    with pytest.raises(SourceError) as caught:
        fast_path.fill("c.md", 10, text, NAMES)
    assert [each.line for each in caught.value.problems] == [9 + line]


def test_text_that_only_shows_fields_is_filled_in_without_jinja() -> None:
    text = 'At {{ organization.name }}{{policy.days}}, {{ practices.a.data | and_list }} ({{ practices.a.data | join("/") }}).\n\n'
    said = fast_path._fields_shown(text, NAMES, KNOWN)
    assert said == "At Lärkspur \\*Mail\\*30, name and e-mail (name/e-mail).\n"
    assert said == parser.fill_in("c.md", 1, text, NAMES, KNOWN, 1000)
