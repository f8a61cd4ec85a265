"""Lists and tables of vendors: an added row is an added recipient, never another kind; a re-spaced table is no change."""

from __future__ import annotations

import pytest

from policytrail import compare_texts
from policytrail.model.change import Change, Severity

NAMES = "Amber Borealis Cobalt Dunlin Ember Fjord Garnet Heron Indigo Juniper Kestrel Larch Maple Nimbus Otter".split()
WORK = ("Hosting", "Analytics", "AI support", "Payment", "Mail", "Fraud detection")
ROWS = [
    f"{name} {kind}, Inc. | {WORK[n % 6]} | {'United States' if n % 2 else 'Germany'}"
    for n, name in enumerate(NAMES)
    for kind in ("Cloud", "Desk")
]
HEAD = "# Our subprocessors\n\nThese companies handle data for our customers.\n\n| Subprocessor | Service | Country |\n| --- | --- | --- |\n"


def table(rows: list[str]) -> str:
    return HEAD + "".join(f"| {row} |\n" for row in rows) + "\nWe tell you of new ones by mail.\n"


def weighty(old: str, new: str) -> list[Change]:
    return [change for change in compare_texts(old, new).changes if change.severity is not Severity.EDITORIAL]


@pytest.mark.parametrize("place", [0, 7, 15, 30])
def test_an_inserted_row_is_one_added_recipient(place: int) -> None:
    row = "Quokka Models, Inc. | AI chat for support, trains on tickets | Brazil"
    changed = weighty(table(ROWS), table([*ROWS[:place], row, *ROWS[place:]]))
    assert [(change.kind, str(change.severity), change.evidence) for change in changed] == [
        ("recipient.named.added", "review", "Quokka Models, Inc.")
    ]


def test_eight_versions_of_a_list_tell_recipients_and_nothing_else() -> None:
    rows = ROWS[:20]
    for number in range(8):
        after = [row for row in rows if row != rows[number * 2]]
        after.insert(number, ROWS[20 + number])
        kinds = {change.kind.rpartition(".")[0] for change in weighty(table(rows), table(after))}
        assert kinds == {"recipient.named"}
        rows = after


def test_a_table_spaced_otherwise_is_no_change() -> None:
    wide = table(ROWS).replace(" | ", "   |   ").replace("| --- |", "|:--------|")
    assert compare_texts(table(ROWS), wide).changes == ()


def test_an_added_entry_of_a_list() -> None:
    old = "# P\n\nWe share data with these service providers:\n\n* Amber Cloud: hosting\n* Cobalt Desk: support\n"
    changed = weighty(old, old + "* Quokka AI: machine learning\n")
    assert [change.kind for change in changed] == ["recipient.named.added"]


def test_a_category_in_such_a_list_is_no_name() -> None:
    old = "# P\n\nWe share data with these service providers:\n\n* Amber Cloud: hosting\n* Cobalt Desk: support\n"
    assert weighty(old, old + "* Insurance companies\n")[0].severity is Severity.MATERIAL


def test_what_is_collected_is_no_vendor() -> None:
    old = "# Third parties and you\n\nWe collect:\n\n* names\n* ages\n"
    assert weighty(old, old + "* Fingerprints\n")[0].rule != "recipient.named"
