"""`policytrail notice`: the notice as people will get it, of the draft and of a version."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from releases import MATERIAL, change, pending

from conftest import Cli

KEYS = {
    "version",
    "subject",
    "preheader",
    "banner",
    "main_points",
    "groups",
    "smaller",
    "held_data",
    "can_do",
    "unanswered",
    "words",
    "grade",
}
ON = ("--as-of", "2020-02-01")


def as_json(root: Path, *words: str) -> dict[str, Any]:
    result = Cli(root)("notice", *words, "--format", "json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_the_draft_s_notice_is_the_one_of_its_release(released: Path) -> None:
    change(released, MATERIAL)
    draft = as_json(released, *ON)
    assert draft.keys() == KEYS
    (group,) = draft["groups"]
    (item,) = group["items"]
    assert group["heading"] == "What we collect" and "your job title" in item["words"]
    checked = json.loads(Cli(released)("check", *ON, "--format", "json").stdout)
    assert item["words"] in json.dumps(checked, ensure_ascii=False)
    assert len(draft["subject"]) <= 70 and len(draft["banner"]) <= 140
    assert 0 < draft["words"] <= 750 and draft["grade"] <= 8
    assert {question["change"] for question in draft["unanswered"]} == set(item["changes"])


def test_text_and_html_are_the_mail(released: Path) -> None:
    change(released, MATERIAL)
    subject = as_json(released, *ON)["subject"]
    for form in ("text", "html"):
        shown = Cli(released)("notice", *ON, "--format", form).stdout
        assert subject in shown and "your job title" in shown


def test_a_frozen_version_tells_the_same_as_its_mail(released: Path) -> None:
    pending(released, Cli(released))
    told = as_json(released, "2020-04-01")
    mail = (released / "versions/2020-04-01/notice/mail.txt").read_text()
    for item in (item for group in told["groups"] for item in group["items"]):
        assert " ".join(item["words"].split()) in " ".join(mail.split())


@pytest.mark.parametrize(("words", "said"), [(("2019-01-01",), "2019-01-01"), (("draft", *ON), "nothing to tell")])
def test_what_has_no_notice_is_refused_with_a_reason(released: Path, words: tuple[str, ...], said: str) -> None:
    result = Cli(released)("notice", *words)
    assert result.exit_code == 2 and said in result.output
