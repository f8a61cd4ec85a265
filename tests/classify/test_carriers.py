"""What carries meaning stays: no proof calls a text editorial in which a figure, a negation or a border moved or changed."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from policytrail import compare_texts
from policytrail.classify.plaintext.proofs.editorial import WORD_PROOFS
from policytrail.classify.wording_checks.carriers import carriers
from policytrail.classify.wording_checks.strength_words import editorial_proof
from policytrail.model.change import Severity


class Script(NamedTuple):
    """Words of one script to build sentences of: plain ones, words that turn a clause, a full stop, digits from zero."""

    words: list[str]
    turning: list[str]
    stop: str
    zero: str = "0"
    blank: str = " "


SCRIPTS = [
    Script(
        "we share names parcels with carriers partners invoices addresses stay here".split(),
        ["never", "not", "only"],
        ".",
    ),
    Script("wir teilen Namen Pakete mit Boten Partnern Adressen bleiben hier".split(), ["nie", "nicht", "nur"], "."),
    Script("мы передаём имена посылки партнёрам адреса счета остаются здесь".split(), ["никогда", "не", "только"], "."),
    Script("نحن نشارك الأسماء الطرود مع الشركاء العناوين تبقى هنا".split(), ["لا", "فقط", "لن"], "؟", "٠"),
    Script("हम नाम पते पार्सल वाहक साझा करते रखते यहाँ".split(), ["नहीं", "केवल", "न"], "।", "०"),
    Script("เรา แบ่งปัน ชื่อ พัสดุ กับ ผู้ขนส่ง ที่อยู่ ที่นี่".split(), ["ไม่", "เท่านั้น"], "!", "๐", ""),
    Script("我们 分享 姓名 包裹 承运人 地址 发票 这里".split(), ["不", "仅", "从不"], "。", "0", ""),
]
FRAME = "# Notice\n\nOpening words that stay.\n\n{}\n\nClosing words that stay.\n"


class Sample(NamedTuple):
    """A text of pieces, with what kind each piece is, and the blank between them."""

    pieces: tuple[tuple[str, str], ...]
    blank: str

    def text(self) -> str:
        parts = [piece if kind in ("stop", "comma") else self.blank + piece for kind, piece in self.pieces]
        return "".join(parts).strip()


def digits(number: int, zero: str) -> str:
    return "".join(chr(ord(zero) + int(digit)) for digit in str(number))


@st.composite
def samples(draw: st.DrawFn) -> tuple[Sample, Script]:
    script = draw(st.sampled_from(SCRIPTS))
    word = st.tuples(st.just("word"), st.sampled_from(script.words))
    turn = st.tuples(st.just("turn"), st.sampled_from(script.turning))
    figure = st.builds(lambda number: ("figure", f" {digits(number, script.zero)} "), st.integers(2, 999))
    sign = st.tuples(
        st.just("sign"),
        st.sampled_from([" 10% ", " €5 ", " -4 ", " 1.5 ", " 10² ", " ~~x~~ ", " [y](https://a.example/p) "]),
    )
    stop = st.just(("stop", script.stop + " "))
    pieces = draw(st.lists(st.one_of(word, word, word, turn, figure, sign, stop), min_size=5, max_size=14))
    return Sample((("word", script.words[0]), *pieces, ("word", script.words[1])), script.blank), script


Edit = tuple[Sample, Sample]


def said(sample: Sample) -> list[str]:
    """What the pieces say, worked out without the code under test: neighbouring stops are one, one at an end is none."""
    found: list[str] = []
    for kind, piece in sample.pieces:
        if kind == "stop" and (not found or found[-1] == "."):
            continue
        found.append("." if kind == "stop" else piece.strip())
    return found[:-1] if found[-1] == "." else found


@st.composite
def edits(draw: st.DrawFn) -> Edit:
    """A text, and the same with one carrier of meaning moved, changed, gone or come."""
    sample, script = draw(samples())
    old = list(sample.pieces)
    kind = draw(st.sampled_from(["figure", "turn", "stop", "sign", "cut", "struck", "raised"]))
    spot = draw(st.integers(1, len(old) - 2))
    if kind == "cut":  # a comma right behind a word that turns a clause
        old[spot : spot + 1] = [("turn", script.turning[0]), ("word", script.words[2])]
        new = [*old[: spot + 1], ("comma", ", " if script.blank else "，"), *old[spot + 1 :]]
    elif kind == "struck":
        new = [*old[:spot], ("word", f" ~~{script.words[2]}~~ "), *old[spot + 1 :]]
        old[spot] = ("word", script.words[2])
    elif kind == "raised":
        new = [*old[:spot], ("figure", " 102 "), *old[spot + 1 :]]
        old[spot] = ("figure", " 10² ")
    else:
        places = [number for number, piece in enumerate(old) if piece[0] == kind]
        assume(places)
        new = list(old)
        piece = new.pop(draw(st.sampled_from(places)))
        if draw(st.booleans()):
            new.insert(spot, piece)
    edit = Sample(tuple(old), sample.blank), Sample(tuple(new), sample.blank)
    assume(said(edit[0]) != said(edit[1]))
    assume(
        not any(one == two for sample in edit for one, two in pairwise(sample.pieces))
    )  # "the the" is a slip of the pen
    return edit


def check_edit(edit: Edit) -> None:
    old, new = (sample.text() for sample in edit)
    assert carriers(old) != carriers(new)
    assert editorial_proof(old, new) is None
    assert not [proof.__name__ for proof in WORD_PROOFS if proof(old, new)]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(edits())
def test_no_proof_passes_over_a_carrier(edit: Edit) -> None:
    check_edit(edit)


@pytest.mark.slow
@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(edits())
def test_no_proof_passes_over_a_carrier_at_length(edit: Edit) -> None:
    check_edit(edit)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(edits())
def test_no_judgement_passes_over_a_carrier(edit: Edit) -> None:
    old, new = (sample.text() for sample in edit)
    comparison = compare_texts(FRAME.format(old), FRAME.format(new))
    assert comparison.severity.rank >= Severity.REVIEW.rank, [change.evidence for change in comparison.changes]
