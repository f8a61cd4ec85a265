"""Sentences and words end where a reader would cut, in the scripts and languages that policies are written in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policytrail.text.redline import redline
from policytrail.text.sentences import split
from policytrail.text.word_diff import Words

SENTENCES = {
    "a German date": ["Es gilt ab dem 17. Dezember 2024 f\u00fcr alle. ", "Danach nicht."],
    "German law": ["Nach Art. 6 Abs. 1 lit. b DSGVO speichern wir es. ", "Das ist z. B. der Name. ", "Ende."],
    "French": ["Selon l\u2019art. 6 al. 2, nous gardons tout. ", "Mme. Martin r\u00e9pond."],
    "Hindi": [
        "\u0939\u092e \u0930\u0916\u0924\u0947 \u0939\u0948\u0902\u0964 ",
        "\u0939\u092e \u0928\u0939\u0940\u0902\u0964",
    ],
    "Chinese": ["\u6211\u4eec\u6536\u96c6\u59d3\u540d\u3002", "\u6211\u4eec\u4e0d\u51fa\u552e\u3002"],
    "a number that ends a sentence": ["We were founded in 1999. ", "Since then we grow."],
}
ONE_SIGN = {
    "Chinese, a negation": (
        "\u6211\u4eec\u4e0d\u5206\u4eab\u6570\u636e",
        "\u6211\u4eec\u5206\u4eab\u6570\u636e",
        ["\u4e0d"],
        [],
    ),
    "Japanese, a figure": ("\u60c5\u5831\u306f30\u65e5\u9593", "\u60c5\u5831\u306f90\u65e5\u9593", ["30"], ["90"]),
    "Thai, a word": (
        "\u0e40\u0e23\u0e32\u0e44\u0e21\u0e48\u0e02\u0e32\u0e22",
        "\u0e40\u0e23\u0e32\u0e02\u0e32\u0e22",
        ["\u0e44\u0e21\u0e48"],
        [],
    ),
    "Hindi, a whole word": (
        "\u0939\u092e \u0928\u0939\u0940\u0902 \u092c\u0947\u091a\u0924\u0947",
        "\u0939\u092e \u092c\u0947\u091a\u0924\u0947",
        ["\u0928\u0939\u0940\u0902 "],
        [],
    ),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_sentences_end_where_a_reader_would_cut(name: str) -> None:
    assert split("".join(SENTENCES[name])) == SENTENCES[name]


@pytest.mark.parametrize("name", ONE_SIGN)
def test_a_redline_cuts_out_what_changed_and_no_more(name: str) -> None:
    old, new, gone, come = ONE_SIGN[name]
    pieces = redline(old, new)
    assert [piece.text for piece in pieces if piece.op == "delete"] == gone
    assert [piece.text for piece in pieces if piece.op == "insert"] == come


@given(st.text(max_size=120))
def test_words_give_the_text_back(text: str) -> None:
    words = Words.of(text)
    assert words.text(0, len(words.words)) == text
