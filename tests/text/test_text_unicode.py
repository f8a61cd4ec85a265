"""What the eye can't see is found, named and never taken for equal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policytrail.text.redline import redline
from policytrail.text.unicode import hidden, normal_form, warnings


@pytest.mark.parametrize(
    ("text", "kind", "codepoints"),
    [
        ("p\u0430y now", "mixed scripts", (0x430,)),
        ("we \u0441\u043e\u0440y it", "mixed scripts", (0x441, 0x43E, 0x440)),
        ("all plain words but \u0430\u0440\u0435 here", "look-alike", (0x430, 0x440, 0x435)),
        ("full \uff41\uff42 width", "look-alike", (0xFF41, 0xFF42)),
        ("da\u200bta", "invisible", (0x200B,)),
        ("a\u202eb", "direction", (0x202E,)),
        ("a\u2066b", "direction", (0x2066,)),
        ("a\U000e0041b", "tag", (0xE0041,)),
        ("no\u00adhyphen", "soft hyphen", (0xAD,)),
        ("a\u00a0b", "space", (0xA0,)),
        ("cafe\u0301", "encoding", (0x65, 0x301)),
        ("a\x07b", "control", (7,)),
        ("k\u200dey", "invisible", (0x200D,)),
        ("a\ufe0fb", "invisible", (0xFE0F,)),
    ],
)
def test_hidden_things_are_found(text: str, kind: str, codepoints: tuple[int, ...]) -> None:
    assert [(each.kind, each.codepoints) for each in hidden(text)] == [(kind, codepoints)]


@pytest.mark.parametrize(
    "text",
    [
        "plain text\n\ttab",
        "na\u00efve caf\u00e9 \u201cquoted\u201d \u2013 \u2026",
        "Русский текст",
        "日本語のLINEアプリ",
        "5\u2009\u00b5m".replace("\u2009", " "),
        "\U0001f468\u200d\U0001f469",
        "\u2764\ufe0f",
        "\u0645\u06cc\u200c\u062e\u0648",
        "Konfidenciall\u0131q siyasat\u0131",
        "\ufeffText",
    ],
)
def test_honest_text_raises_nothing(text: str) -> None:
    assert hidden(text) == ()


def test_the_place_and_the_code_point_are_named() -> None:
    (warning,) = warnings("We keep data.", "First line.\nWe keep da\u200bta.")
    assert warning == (
        'The new text has an invisible character (U+200B zero width space) in line 2, column 11: "da<U+200B>ta".'
    )
    (gone,) = warnings("We p\u0430y.", "We pay.")
    assert gone.startswith("The old text had letters of more than one script (U+0430 cyrillic small letter a)")


def test_what_both_sides_have_is_no_warning() -> None:
    assert warnings("a\u200bb one", "a\u200bb two") == ()
    assert warnings("x\u00a0y one", "x\u00a0y two") == ()


def test_what_hides_something_keeps_a_form_of_its_own() -> None:
    assert normal_form("caf\u00e9\n") == normal_form("cafe\u0301\r\n")
    assert normal_form("a b") == normal_form("\ufeffa\u00a0b")
    for hiding in ("da\u200bta", "da\u00adta", "d\u0430ta", "\u202edata", "\uff44ata", "data\U000e0041"):
        assert normal_form("data") != normal_form(hiding)


@given(st.text(max_size=40))
def test_normal_form_is_settled(text: str) -> None:
    assert (
        normal_form(normal_form(text).replace("\ufeff", "")) == normal_form(text).replace("\ufeff", "")
        or "\ufeff" in text
    )
    hidden(text)


@given(st.text(max_size=30), st.sampled_from("\u200b\u202e\u00ad\u00a0\U000e0041\u0430\u0301\x07"), st.integers(0, 30))
def test_a_redline_never_swallows_a_hidden_character(text: str, sign: str, place: int) -> None:
    pieces = redline(text, text[:place] + sign + text[place:])
    assert any(sign in each.text for each in pieces if each.op == "insert")
