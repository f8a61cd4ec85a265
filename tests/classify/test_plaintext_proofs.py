"""What may be called editorial in plain texts, and what looks like it and isn't."""

from __future__ import annotations

import unicodedata

import pytest
from plaintext_samples import BODY, COLLECT, CONTACT, CONTENTS, FOOTER, HEAD, KEEP, MENU, POLICY, RIGHTS, SHARE, USE

from policytrail import compare_texts
from policytrail.model.change import Change, Severity


def judged(old: str, new: str) -> Change:
    """The weightiest change of the policy after an edit; the edit must have found its place."""
    assert old in POLICY
    return compare_texts(POLICY, POLICY.replace(old, new)).changes[0]


EDITORIAL = {
    "no-break space": ("postal address", "postal\u00a0address"),
    "quotes and bold": ("We never sell your", "**We never sell** your"),
    "wrapped otherwise": ("We also receive your device", "We also\nreceive your device"),
    "British spelling": ("organization of the post", "organisation of the post"),
    "a number in words": ("for 10 years", "for ten years"),
    "a number twice": ("after 30 days", "after thirty (30) days"),
    "a misspelt word": ("personal information from them", "personal infomation from them"),
    "another date of the document": ("March 1, 2026", "June 12, 2027"),
    "the date's own format": ("Last updated: March 1, 2026", "Effective: 2026-06-12"),
    "a pointer to another version": (HEAD, HEAD + "See the previous version of this privacy policy here.\n\n"),
    "another path on the same host": ("brightpost.example/processors", "brightpost.example/list?utm_source=mail"),
    "https for http": ("https://brightpost.example/processors", "http://brightpost.example/processors"),
    "an entry of the menu": (MENU, MENU + "*   [Gift Cards](https://brightpost.example/gifts)\n"),
    "an entry of the footer": ("*   [Press](https://brightpost.example/press)\n", ""),
    "the copyright year": ("© 2026 Brightpost", "© 2027 Brightpost"),
    "the table of contents": ("[Who receives it](#share)", "[Who gets it](#share)"),
    "the title": ("# Brightpost Privacy Policy\n\n", ""),
    "a section moved": (KEEP, ""),
    "a heading that names the same act": ("How long we keep it", "How long we retain it"),
    "all sections renumbered": (BODY, BODY.replace("## 7.", "## 8.").replace("## 6.", "## 7.")),
    "a reference that follows": (BODY, BODY.replace("## 3.", "## 9.").replace("see section 3", "see section 9")),
    "another house, same country": ("Lindenstraße 12, 10969 Berlin", "Gartenweg 4, 10115 Berlin"),
    "another phone number": ("+49 30 1234567", "+49 30 7654321"),
    "another mailbox, same domain": ("privacy@brightpost.example", "data@brightpost.example"),
    "a greeting": (HEAD, HEAD + "Thank you for visiting. Your privacy is important to us.\n\n"),
    "the page hides mail otherwise": (
        "privacy@brightpost.example",
        "[[email protected]](/cdn-cgi/l/email-protection#7a1b)",
    ),
    "a block that stood twice": (
        "We never sell your personal data. ",
        "We never sell your personal data. We never sell your personal data. ",
    ),
}


@pytest.mark.parametrize("name", EDITORIAL)
def test_editorial(name: str) -> None:
    old, new = EDITORIAL[name]
    changed = (
        POLICY.replace(old, new) if name != "a section moved" else POLICY.replace(KEEP, "").replace(USE, KEEP + USE)
    )
    comparison = compare_texts(POLICY, changed)
    shown = [(str(each.severity), each.rule, each.evidence) for each in comparison.changes]
    assert comparison.severity is Severity.EDITORIAL, shown
    assert all(each.rule and each.evidence and each.source for each in comparison.changes)


ANOTHER_FORM = {
    "another bullet": (COLLECT, COLLECT.replace("*   ", "- ")),
    "escaped marks": ("1. What we collect", "1\\. What we collect"),
    "front matter": (MENU, "---\ntitle: Privacy\nlayout: legal\nchanged: 2026-03-01\n---\n" + MENU),
    "an attribute list": ("name and email", "name{: .term} and email"),
    "a comment": ("We may send", "<!-- Counsel asked for this. -->We may send"),
    "an anchor": ("We may send", '<a id="mail"></a>We may send'),
    "an entity": ("We may send", "We&nbsp;may send".replace("&nbsp;", "&#32;")),
    "an autolink": ("https://brightpost.example/processors", "<https://brightpost.example/processors>"),
    "HTML for emphasis": ("We never sell", "We <span class='x'>never</span> sell"),
    "blank lines": ("\n\n## 2.", "\n\n\n \n## 2."),
}


@pytest.mark.parametrize("name", ANOTHER_FORM)
def test_equal_text_in_another_form_is_no_change(name: str) -> None:
    old, new = ANOTHER_FORM[name]
    assert old in POLICY
    assert compare_texts(POLICY, POLICY.replace(old, new)).changes == ()


LOOKS_EDITORIAL = {
    "a fraction": ("after 30 days", "after 3.0 days"),
    "a number at the start of a line": ("children under 13. We", "children under\n16. We"),
    "struck out": ("We never sell your personal data.", "~~We never sell your personal data.~~"),
    "hidden by its markup": (
        "We never sell your personal data.",
        '<span style="display: none">We never sell your personal data.</span>',
    ),
    "hidden in a comment": ("We never sell your personal data.", "<!-- We never sell your personal data. -->"),
    "a plus": ("under 13", "under 13+"),
    "another host": ("https://brightpost.example/processors", "https://other.example/processors"),
    "another mail domain": ("privacy@brightpost.example", "privacy@other.example"),
    "another country": ("10969 Berlin, Germany", "10969 Vienna, Austria"),
    "another entity": ("Brightpost GmbH", "Quickpost GmbH"),
    "a reference that leads elsewhere": ("see section 3", "see section 4"),
    "a heading with another act": ("What we collect\n", "What we share\n"),
    "a heading that limits": ("How long we keep it", "How long we keep it in California"),
    "an entry in a list of the policy": ("*   your postal address\n", "*   your postal address\n*   Brightpost Plus\n"),
    "a sentence in the footer": ("© 2026 Brightpost", "We sell your parcels' contents to Quickpost. © 2026 Brightpost"),
    "a choice in the menu": (MENU, MENU + "*   [Do not sell my information](https://brightpost.example/dns)\n"),
    "a date that is a fact": ("We also receive", "Since January 5, 2020 we also receive"),
    "a word of force": ("We may send", "We will send"),
    "and for or": ("name and email", "name or email"),
    "the reading direction turned": ("We never sell", "We \u202enever\u202c sell"),
    "a Cyrillic letter": ("We never sell", "We never s\u0435ll"),
    "a word about changes in a sentence": (
        RIGHTS,
        RIGHTS.replace("You have the right", "We tell you of material changes. You have the right"),
    ),
    "a row of a cookie table": (
        CONTACT,
        CONTACT + "| Name | Vendor | Kept |\n| --- | --- | --- |\n| _ga | Google | 2 years |\n\n",
    ),
    "a sentence above everything": (MENU, "Our insurers get your location.\n\n" + MENU),
    "vendors under a title": (FOOTER, "Our sub-processors\n\n* Home\n* Mixpanel\n* Blog\n* Segment\n\n" + FOOTER),
    "what stood in the list of vendors": (FOOTER, "Our vendors:\n\n* Home\n* Mixpanel\n* Blog\n* Segment\n\n" + FOOTER),
}


@pytest.mark.parametrize("name", LOOKS_EDITORIAL)
def test_never_editorial(name: str) -> None:
    change = judged(*LOOKS_EDITORIAL[name])
    assert change.severity.rank >= Severity.REVIEW.rank, (change.rule, change.evidence)
    assert change.source and change.rule


def test_an_entry_that_moves_from_what_is_not_collected_to_what_is() -> None:
    text = "# P\n\nWe collect:\n\n* names\n* parcels\n\nWe do not collect:\n\n* fingerprints\n* photos\n"
    moved = "# P\n\nWe collect:\n\n* names\n* parcels\n* fingerprints\n\nWe do not collect:\n\n* photos\n"
    assert compare_texts(text, moved).severity is Severity.MATERIAL


def test_a_sentence_that_points_back_means_something_else_elsewhere() -> None:
    one = "# A\n\nWe hold invoices for tax law in our office.\n\n# B\n\nWe read your messages for support.\n\n"
    said = "We share this information with our carriers.\n\n"
    old, new = one.replace("# B", said + "# B"), one + said
    assert compare_texts(old, new).severity.rank >= Severity.REVIEW.rank


def test_the_same_section_for_other_people() -> None:
    said = "## Sharing\n\nWe share your address with carriers that deliver your parcels to you.\n\n"
    frame = "# Customers\n\nWelcome, customer, to this page of ours.\n\n{0}# Job applicants\n\nWelcome, applicant, to this page.\n\n{1}"
    assert compare_texts(frame.format(said, ""), frame.format("", said)).severity.rank >= Severity.REVIEW.rank


def test_a_box_that_is_ticked_for_the_reader() -> None:
    old = "# P\n\nYour choices:\n\n- [ ] I agree to marketing by email from Brightpost\n"
    assert compare_texts(old, old.replace("[ ]", "[x]")).severity.rank >= Severity.REVIEW.rank


def test_a_document_that_is_lost_with_the_page_is_not_editorial() -> None:
    terms = "# Cookies\n\nWe set cookies to remember you. Advertisers read them on other sites.\n\n"
    assert compare_texts(POLICY + terms, POLICY).severity.rank >= Severity.REVIEW.rank


@pytest.mark.parametrize("sign", ["\u200b", "\u00ad", "\u2060", "\ufeff"])
def test_what_the_eye_can_not_see_never_comes_without_a_warning(sign: str) -> None:
    comparison = compare_texts(POLICY, POLICY.replace("never sell", f"nev{sign}er sell"))
    assert comparison.warnings


def test_composed_letters_are_the_same_letters() -> None:
    comparison = compare_texts(POLICY, unicodedata.normalize("NFD", POLICY))
    assert comparison.severity is Severity.EDITORIAL


def test_a_list_of_vendors_is_no_menu() -> None:
    names = [
        "Hotjar",
        "Mixpanel",
        "Segment",
        "Zendesk",
        "Twilio",
        "Stripe",
        "Sentry",
        "Intercom",
        "Algolia",
        "Fastly",
        "Braze",
    ]
    vendors = "## Vendors\n\nWe share your data with these companies:\n\n" + "".join(
        f"* [{each}](https://{each}.example)\n" for each in names
    )
    for place in ("end", "middle"):
        old = MENU + HEAD + (BODY + vendors if place == "end" else vendors + "\n" + BODY)
        assert (
            compare_texts(
                old, old.replace("* [Braze]", "* [Amplitude](https://amplitude.example)\n* [Braze]")
            ).severity.rank
            >= 2
        )


GERMAN = """*   Home
*   Blog
*   Support
*   Login
*   Impressum

Datenschutz

Wir speichern Ihre Anschrift und Ihren Namen, damit wir Pakete zustellen.

Diese Daten erheben wir:

*   Name
*   Anschrift

Die Daten geben wir an Zusteller in Deutschland weiter, niemals aber an Werbefirmen oder Adressverlage.

*   Home
*   Kontakt
*   Blog
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("*   Anschrift\n", "*   Anschrift\n*   Fingerabdruck\n"),
        ("niemals aber an Werbefirmen", "auch an Werbefirmen"),
        ("Wir speichern", "Wir verkaufen"),
        (", damit wir Pakete zustellen", ""),
        (
            "*   Home\n*   Kontakt",
            "Wir verkaufen Ihre Daten an Werbefirmen, wenn Sie nicht widersprechen.\n\n*   Home\n*   Kontakt",
        ),
    ],
)
def test_another_language_is_never_furniture(old: str, new: str) -> None:
    assert old in GERMAN
    assert compare_texts(GERMAN, GERMAN.replace(old, new)).severity.rank >= Severity.REVIEW.rank


def test_a_word_that_goes_from_a_sentence_about_changes() -> None:
    text = "# P\n\nWe will also notify you of any subsequent material changes to this Privacy Policy by email.\n"
    assert compare_texts(text, text.replace("changes ", "")).severity.rank >= Severity.REVIEW.rank


def test_a_pointer_to_another_version_on_another_host() -> None:
    text = HEAD + "See the [previous version](https://brightpost.example/old) of this policy.\n\n" + BODY
    assert (
        compare_texts(text, text.replace("brightpost.example/old", "elsewhere.example/old")).severity is Severity.REVIEW
    )


def test_a_date_is_no_phone_number() -> None:
    text = "# P\n\nWe have shared data with carriers since 2024-01-15 in all shops.\n"
    assert compare_texts(text, text.replace("2024-01", "2025-01")).severity.rank >= Severity.REVIEW.rank


def test_texts_that_are_equal_have_no_change() -> None:
    assert compare_texts(POLICY, POLICY).changes == ()


def test_the_parts_of_the_sample_are_in_it() -> None:
    assert all(each in POLICY for each in (MENU, HEAD, CONTENTS, SHARE, CONTACT, FOOTER))
