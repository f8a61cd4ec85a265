"""`policytrail diff` on two plain files: what the eye can't see shows in every format, with a warning."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import Cli

OLD = "We share your data with partners only if you agree."
HIDDEN = {
    "U+0430": "We share your d\u0430ta with partners only if you agree.",
    "U+200B": "We share your data with partners only\u200b if you agree.",
    "U+202E": "We share your data with partners \u202eonly if you agree.",
    "U+00A0": "We share your data\u00a0with partners only if you agree.",
    "U+00AD": "We share your data with partners only if you agre\u00ade.",
    "U+FF41": "We share your dat\uff41 with partners only if you agree.",
    "U+0301": "We sha\u0301re your data with partners only if you agree.",
    "U+E0041": "We share your data with partners only if you agree\U000e0041.",
}


def compared(folder: Path, new: str, form: str) -> str:
    (folder / "old.md").write_text(f"# Policy\n\n{OLD}\n")
    (folder / "new.md").write_text(f"# Policy\n\n{new}\n")
    result = Cli(folder)("diff", "old.md", "new.md", "--format", form)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize("sign", HIDDEN)
def test_what_cannot_be_seen_shows_in_every_format(sign: str, tmp_path: Path) -> None:
    code = sign.removeprefix("U+")
    found = json.loads(compared(tmp_path, HIDDEN[sign], "json"))
    assert found["changes"] and found["severity"] != "none"
    assert any(sign in each for each in found["warnings"])
    assert sign in compared(tmp_path, HIDDEN[sign], "text")
    page = compared(tmp_path, HIDDEN[sign], "html")
    assert f'">{sign}</span>' in page and sign in page.partition('id="warnings"')[2].partition("</section>")[0]
    table = compared(tmp_path, HIDDEN[sign], "markdown")
    assert "⚠" in table and table.count(f"U\\+{code}") + table.count(f"U+{code}") >= 2


def test_letters_that_are_at_home_are_not_spelled_out(tmp_path: Path) -> None:
    (tmp_path / "old.md").write_text("Мы храним ваши данные один год.\n")
    (tmp_path / "new.md").write_text("Мы храним ваши данные два года.\n")
    page = Cli(tmp_path)("diff", "old.md", "new.md", "--format", "html").stdout
    assert 'class="codepoint"' not in page and "два" in page


def test_side_by_side_keeps_paragraphs_level(tmp_path: Path) -> None:
    (tmp_path / "old.md").write_text("One is old.\n\nTwo stays.\n\nThree is old.\n")
    (tmp_path / "new.md").write_text("One is new.\n\nTwo stays.\n\nThree is new.\n")
    page = Cli(tmp_path)("diff", "old.md", "new.md", "--format", "html").stdout
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert table.count("<tr>") == 2
    assert "<script" not in page
    assert page.count("Both texts in one") == 1


def test_a_terminal_is_not_steered_by_a_policy(tmp_path: Path) -> None:
    assert "\x1b" not in compared(tmp_path, "We sell \x1b[31mall\x1b[0m data to partners.", "text")


def test_sections_that_move_and_are_renumbered_say_the_same(tmp_path: Path) -> None:
    one, two = "We keep your name for two years because the law says so.", "We never sell your data to anybody at all."
    (tmp_path / "old.md").write_text(f"# P\n\n## 1. Keeping\n\n{one}\n\n## 2. Selling\n\n{two}\n")
    (tmp_path / "new.md").write_text(f"# P\n\n## 1. Selling\n\n{two}\n\n## 2. Keeping\n\n{one}\n")
    found = json.loads(Cli(tmp_path)("diff", "old.md", "new.md", "--format", "json").stdout)
    assert found["severity"] == "editorial"


def test_a_file_and_a_version_are_not_compared(tmp_path: Path) -> None:
    (tmp_path / "old.md").write_text(OLD)
    result = Cli(tmp_path)("diff", "old.md", "2020-01-01")
    assert result.exit_code == 2 and "not one of each" in result.stderr
