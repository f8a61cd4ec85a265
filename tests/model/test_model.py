"""Values with declared fields: what they take, what they say is wrong, how they are copied, dumped and compared."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policytrail.model.policy import Clause, Policy
from policytrail.model.practice import TYPES, AnyPractice, Notice
from policytrail.model.practice_fields import Channel, Channels, YesNo
from policytrail.model.validation.field_types import AtLeast, By, Checked, Range, Text, form_of
from policytrail.model.validation.record import NOTHING, FormError, Part, read

CASES: list[tuple[Any, Any, Any]] = [
    (str, "  a ", "a"),
    (int, 7, 7),
    (int, "7", 7),
    (bool, "no", False),
    (bool, True, True),
    (None, None, None),
    (Literal["a", "b"], "b", "b"),
    (tuple[str, ...], ["a", " b"], ("a", "b")),
    (Mapping[str, int], {"a": 1}, {"a": 1}),
    (str | None, None, None),
    (YesNo, "unstated", "unstated"),
    (YesNo, False, False),
    (tuple[str, ...] | Literal["unstated"], "unstated", "unstated"),
    (Annotated[int, Range(0, 9)], 9, 9),
    (Annotated[str, Text("[a-z]+", max_length=3)], "abc", "abc"),
    (Annotated[str, Checked(str.upper)], "a", "A"),
]
WRONG: list[tuple[Any, Any, tuple[Any, ...]]] = [
    (str, 5, ("type", (), "text")),
    (str, None, ("type", (), "text")),
    (int, True, ("type", (), "a whole number")),
    (int, "7.5", ("type", (), "a whole number")),
    (bool, 1, ("type", (), "true or false")),
    (Literal["a", "b", "c"], "d", ("choice", (), "'a', 'b' or 'c'")),
    (Literal["a"], ["a"], ("choice", (), "'a'")),
    (tuple[str, ...], "ab", ("type", (), "a list")),
    (tuple[str, ...], ["a", 5], ("type", (1,), "text")),
    (Mapping[str, int], [1], ("type", (), "a mapping")),
    (Mapping[str, int], {"a": "x"}, ("type", ("a",), "a whole number")),
    (str | None, 5, ("type", (), "text")),
    (Literal["a"] | None, "b", ("choice", (), "'a'")),
    (YesNo, "maybe", ("choice", (), "true, false or 'unstated'")),
    (tuple[str, ...] | Literal["unstated"], "all", ("choice", (), "a list or 'unstated'")),
    (tuple[str, ...] | Literal["unstated"], ["a", None], ("type", (1,), "text")),
    (Annotated[int, Range(0, 9)], 10, ("type", (), "a whole number from 0 to 9")),
    (Annotated[tuple[str, ...], AtLeast(1)], [], ("type", (), "a list with at least 1 entry")),
    (Annotated[str, Text("[a-z]+")], "abc\nx", ("form", (), "[a-z]+")),
    (Annotated[str, Text(max_length=2)], "abc", ("type", (), "text of at most 2 characters")),
    (Annotated[str, Text(min_length=1)], "  ", ("type", (), "text that isn't empty")),
]


@pytest.mark.parametrize(("hint", "value", "expected"), CASES, ids=map(str, range(len(CASES))))
def test_a_form_takes_what_is_right(hint: Any, value: Any, expected: Any) -> None:
    made = read(hint, value)
    assert (made, type(made)) == (expected, type(expected))


@pytest.mark.parametrize(("hint", "value", "expected"), WRONG, ids=map(str, range(len(WRONG))))
def test_a_form_says_what_is_wrong(hint: Any, value: Any, expected: tuple[Any, ...]) -> None:
    with pytest.raises(FormError) as caught:
        read(hint, value)
    assert [(each.kind, each.place, each.expected) for each in caught.value.findings] == [expected]


def test_a_hint_that_is_no_form_is_refused() -> None:
    with pytest.raises(TypeError, match="no form"):
        form_of(bytes)


def test_everything_that_is_wrong_with_a_part_is_found_at_once() -> None:
    with pytest.raises(FormError) as caught:
        Channel.model_validate({"kind": "E Mail", "places": ["a", 5], "vlaue": "x"})
    found = {(each.kind, each.place) for each in caught.value.findings}
    assert found == {("form", ("kind",)), ("type", ("places", 1)), ("unknown", ("vlaue",))}
    with pytest.raises(FormError, match=r"Channel: kind is missing"):
        Channel()  # type: ignore[call-arg]


def test_a_tag_chooses_the_part() -> None:
    made = read(AnyPractice, {"id": "a.b", "type": "notice", "title": "T", "on": {"severity": "material"}})
    assert (type(made), made.on.severity, made.modality) == (Notice, "material", "does")
    for wrong in ({"id": "a.b", "title": "T"}, {"type": "vow"}, {"type": ["notice"]}, [], None):
        with pytest.raises(FormError) as caught:
            read(AnyPractice, wrong)
        assert caught.value.findings[0].kind == "tag"
    assert set(TYPES) == set(caught.value.findings[0].expected.split(", "))


def test_a_part_is_frozen_equal_by_value_and_can_be_pickled() -> None:
    one = Channels(any_of=(Channel(kind="email"),))
    assert one == Channels.model_validate({"any_of": [{"kind": "email"}], "all_of": []}) != Channels()
    assert len({one, pickle.loads(pickle.dumps(one))}) == 1
    for act in (lambda: setattr(one, "all_of", ()), lambda: delattr(one, "any_of")):
        with pytest.raises(AttributeError, match="frozen"):
            act()
    assert one.model_copy(update={"any_of": ()}) == Channels()
    assert repr(Channels()) == "Channels(any_of=(), all_of=())"


def test_what_is_dumped_reads_back_as_the_same_value() -> None:
    one = Clause(id="a/b", title="T", text="Words", states=("x.y",))
    assert one.model_dump(mode="json") == {"id": "a/b", "title": "T", "text": "Words", "states": ["x.y"]}
    assert one.model_dump(include={"id", "states"}) == {"id": "a/b", "states": ("x.y",)}
    two = Channels(any_of=(Channel(kind="email", places=("a",)), Channel(kind="post")))
    short = two.model_dump(mode="json", exclude_defaults=True)
    assert short == {"any_of": [{"kind": "email", "places": ["a"]}, {"kind": "post"}]}
    assert Channels.model_validate(short) == Channels.model_validate(two.model_dump()) == two


def test_what_must_hold_between_fields_is_asked_when_each_is_sound() -> None:
    section = {"id": "a", "title": "A", "clauses": ["x", "x"]}
    said = {
        "title": "P",
        "organization": {"name": "N", "legal_name": "L"},
        "site_url": "https://a.example/",
        "time_zone": "Europe/Berlin",
        "sections": [section],
    }
    with pytest.raises(FormError) as caught:
        Policy.model_validate(said)
    assert [(each.kind, each.place) for each in caught.value.findings] == [("value", ())]
    with pytest.raises(FormError) as caught:
        Policy.model_validate(said | {"time_zone": "Mars/Base"})
    assert [(each.kind, each.place) for each in caught.value.findings] == [("value", ("time_zone",))]


class _Base(Part):
    name: str
    kind: str = "plain"


class _Tagged(_Base):
    kind: Literal["tagged"]
    more: Mapping[str, str] = NOTHING


def test_a_class_below_may_ask_for_what_its_base_takes_as_given() -> None:
    assert list(_Tagged.fields()) == ["name", "kind", "more"]
    with pytest.raises(FormError, match="kind is missing"):
        _Tagged.model_validate({"name": "x"})
    assert read(Annotated[_Tagged, By("kind")] | None, None) is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["id", "type", "title", "data", "scope", "lists", "on", "channels", "x"]),
                inner,
                max_size=5,
            )
        ),
        max_leaves=12,
    )
)
def test_no_value_whatever_makes_it_stumble(value: Any) -> None:
    """Anything that YAML can hold is either read or refused with its places; nothing else is raised."""
    wrapped = {"type": "notice"} | value if isinstance(value, dict) else value
    for each in (value, wrapped):
        try:
            made = read(AnyPractice, each)
        except FormError as error:
            assert error.findings
        else:
            assert read(AnyPractice, made.model_dump(mode="json")) == made
