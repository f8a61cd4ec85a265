"""Plain policies: sections with stable ids, and pairs that survive moves, splits, joins and renumbering."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from policytrail.compare.documents import Pair, align, sections

COLLECT = (
    "We collect your name and address when you register. We also read your device type.\n\n- cookies\n- server logs\n\n"
)
SHARE = "We share your address with carriers that deliver parcels. We never sell your name to anybody.\n\n"
KEEP = "We keep purchase records for seven years because tax law says so. Then we delete all of them.\n\n"
CHILDREN = "Our service isn't meant for children under thirteen years. We delete what they send us.\n\n"
POLICY = f"# Privacy\n\nWelcome to our policy.\n\n## 1. Collection\n\n{COLLECT}## 2. Sharing\n\n{SHARE}## 3. Keeping\n\n{KEEP}"


def paired(old: str, new: str) -> list[tuple[str, str | None, str | None]]:
    found = align(sections(old), sections(new))
    return [(each.how, each.old and each.old.title, each.new and each.new.title) for each in found]


def differing(old: str, new: str) -> list[Pair]:
    return [
        each
        for each in align(sections(old), sections(new))
        if not (each.old and each.new and each.old.text == each.new.text)
    ]


def test_sections_have_paths_text_and_stable_ids() -> None:
    found = sections(POLICY)
    assert [each.path for each in found] == [
        ("Privacy",),
        ("Privacy", "1. Collection"),
        ("Privacy", "2. Sharing"),
        ("Privacy", "3. Keeping"),
    ]
    assert found[1].text.strip() == COLLECT.strip()
    assert [each.id for each in sections(POLICY.replace("2. ", "4. "))] == [each.id for each in found]


def test_headings_of_all_kinds() -> None:
    text = (
        "before\n\nTitle\n=====\n\na\n\nSub\n---\n\nb\n\n**Bold head**\n\nc\n\n### [Linked](https://x.example) ###\nd"
    )
    assert [each.path for each in sections(text)] == [
        (),
        ("Title",),
        ("Title", "Sub"),
        ("Title", "Sub", "Bold head"),
        ("Title", "Sub", "Linked"),
    ]


def test_tables_and_lists_stay_in_the_text() -> None:
    text = "# A\n\n| who | why |\n| --- | --- |\n| we | [this](https://x.example) |\n\n- one\n  - two\n"
    (only,) = sections(text)
    assert only.text.strip() == text.removeprefix("# A").strip()


def test_same_title_twice_gets_two_ids() -> None:
    assert len({each.id for each in sections("# A\n\nx\n\n# A\n\ny\n")}) == 2


def test_a_section_that_moves_is_no_loss_and_no_gain() -> None:
    new = POLICY.replace(f"## 2. Sharing\n\n{SHARE}", "") + f"## 2. Sharing\n\n{SHARE}"
    assert differing(POLICY, new) == []
    assert ("moved", "2. Sharing", "2. Sharing") in paired(POLICY, new)


def test_renumbered_and_renamed() -> None:
    new = POLICY.replace("2. Sharing", "4. Sharing").replace("3. Keeping", "3. How long we keep data")
    assert paired(POLICY, new)[-2:] == [
        ("renumbered", "2. Sharing", "4. Sharing"),
        ("renamed", "3. Keeping", "3. How long we keep data"),
    ]
    assert differing(POLICY, new) == []


def test_added_and_removed() -> None:
    new = POLICY.replace(f"## 3. Keeping\n\n{KEEP}", f"## 3. Children\n\n{CHILDREN}")
    assert paired(POLICY, new)[-2:] == [("removed", "3. Keeping", None), ("added", None, "3. Children")]


def test_a_section_that_is_split() -> None:
    first, second = COLLECT.split("We also")
    new = POLICY.replace(COLLECT, f"{first.strip()}\n\n## Devices\n\nWe also{second}")
    assert ("split", "1. Collection", "Devices") in paired(POLICY, new)
    assert all(
        each.old and each.new and each.old.text.split() == each.new.text.split() for each in differing(POLICY, new)
    )


def test_sections_that_are_joined() -> None:
    new = POLICY.replace("## 3. Keeping\n\n", "")
    assert ("merged", "3. Keeping", "2. Sharing") in paired(POLICY, new)
    assert all(each.old and each.new for each in align(sections(POLICY), sections(new)))


def test_a_paragraph_that_moves_with_a_small_edit_shows_only_the_edit() -> None:
    new = POLICY.replace(SHARE, "").replace(KEEP, KEEP + SHARE.replace("never", "rarely"))
    (change,) = [each for each in differing(POLICY, new) if each.old and each.new and each.new.text.strip()]
    assert change.how == "moved"
    assert "never" in (change.old.text if change.old else "") and "rarely" in (change.new.text if change.new else "")


def test_paragraphs_that_change_places_inside_a_section() -> None:
    new = POLICY.replace(COLLECT, "- cookies\n- server logs\n\n" + COLLECT.removesuffix("- cookies\n- server logs\n\n"))
    assert all(each.old and each.new for each in align(sections(POLICY), sections(new)))


blocks = st.lists(
    st.sampled_from([COLLECT, SHARE, KEEP, CHILDREN, "## 1. One\n\n", "## Two\n\n", "# Top\n\n", "Short.\n\n"]),
    max_size=9,
)


@settings(max_examples=150, deadline=None)
@given(blocks, blocks)
def test_every_sentence_stands_in_exactly_one_pair(one: list[str], two: list[str]) -> None:
    old, new = sections("".join(one)), sections("".join(two))
    pairs = align(old, new)
    for side, whole in (("old", old), ("new", new)):
        shown = sorted("".join(each.text for each in (getattr(pair, side) for pair in pairs) if each).split())
        assert shown == sorted("".join(each.text for each in whole).split())
    assert sum(pair.how in ("added", "removed") for pair in align(old, old)) == 0


def test_a_sentence_that_changes_on_its_way_to_another_section_is_one_change() -> None:
    joined = POLICY.replace("## 3. Keeping", "## 3. Keeping and children").replace(
        KEEP, CHILDREN.replace("thirteen", "sixteen") + KEEP
    )
    (change,) = [
        each
        for each in differing(POLICY + f"## 4. Children\n\n{CHILDREN}", joined)
        if each.old and each.new and "sixteen" in each.new.text
    ]
    assert change.how == "merged" and change.old and "thirteen" in change.old.text
