"""The product's own words: every language has every sentence, with the same values in it, and writes its own dates."""

from __future__ import annotations

import re
from datetime import date

import own_words
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policytrail.languages import ENGLISH, MissingTranslation, catalogue, catalogues

OTHERS = [each for each in catalogues() if each != "en"]
_VALUES = re.compile(r"\{[a-z_]*\}")


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_said_in_every_language_with_the_same_values(language: str) -> None:
    texts = catalogues()[language].texts
    wanted = own_words.sentences()
    assert len(wanted) > 280
    assert sorted(wanted - texts.keys()) == []
    strange = {each for each in texts.keys() - wanted if not re.fullmatch(r"[a-z :]+", each)}
    assert strange == set(), "no such sentence (any more)"
    for english, said in texts.items():
        assert sorted(_VALUES.findall(english)) == sorted(_VALUES.findall(said)), english
        assert said.strip() and "|" not in said


def test_dates_and_numbers() -> None:
    french, spanish = catalogues()["fr"], catalogues()["es"]
    assert [each.day(date(2014, 1, 1)) for each in (ENGLISH, french, spanish)] == [
        "1 January 2014",
        "1er janvier 2014",
        "1 de enero de 2014",
    ]
    assert french.day(date(2020, 2, 29)) == "29 février 2020"
    said = [french.many(each, "{n} clause", "{n} clauses") for each in (0, 1, 2)]
    assert said == ["0 clause", "1 clause", "2 clauses"]
    assert spanish.many(0, "{n} clause", "{n} clauses") == "0 cláusulas"
    assert french.and_list(["a", "b", "c"]) == "a, b et c"
    assert french.language_name("en-US") == "anglais" and french.language_name("gsw") == "gsw"


def test_what_a_language_doesnt_have_is_never_made_up() -> None:
    with pytest.raises(MissingTranslation):
        catalogues()["fr"].say("a sentence that nobody translated")
    found = catalogue("fr-CA")
    assert found and found.language == "fr"
    assert catalogue("ar") is None


@given(st.dates(), st.sampled_from(sorted(catalogues())))
def test_no_two_days_read_alike(day: date, language: str) -> None:
    words = catalogues()[language]
    said = words.day(day)
    assert str(day.year) in said
    other = date(day.year, 1 + day.month % 12, min(day.day, 28))
    assert (words.day(other) == said) is (other == day)
