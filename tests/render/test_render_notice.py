"""The notice and its mail: what it must say, in which order, and what it must not."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from html import unescape
from typing import Any, cast

import pytest
import render_samples as samples
from hypothesis import given
from hypothesis import strategies as st
from notice_samples import MANIFEST, content, made

from golden import same_as_golden
from policytrail.errors import SourceError
from policytrail.model.change import Comparison, Consent, Direction, Severity
from policytrail.render.notice.content import Notice, notice_content, sender
from policytrail.render.notice.mail import Mail, sender_address


def parsed(letter: Mail) -> EmailMessage:
    return cast(EmailMessage, BytesParser(policy=default).parsebytes(letter.eml))


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def seen(html: str) -> str:
    body = html[html.index("<body") :]
    return unescape(re.sub(r"<[^>]+>", " ", body))


def test_the_text_is_the_golden_one() -> None:
    same_as_golden("mail.txt", made().text)


def test_html_and_text_say_the_same_words() -> None:
    letter = made()
    assert words(seen(letter.html)) == words(letter.text)


def test_the_subject_says_what_and_when() -> None:
    assert content().subject == "1 January 2014: our privacy policy changes (cookies, data we collect)"


def test_the_subject_is_never_longer_than_a_list_of_mails_shows() -> None:
    kinds = ("retention.bound", "choice.set", "purpose.set", "disclosure.sale", "collection.data", "tracker.set")
    for number in range(len(kinds) + 1):
        changes = [samples.change(f"{kind}.added", "x.y", Severity.MATERIAL, kind) for kind in kinds[:number]]
        subject = content(Comparison("2011-09-06", samples.THIRD, tuple(changes), 30)).subject
        assert subject.startswith("1 January 2014: ") and len(subject) <= 70


def test_the_parts_stand_in_the_required_order() -> None:
    assert [part.id for part in content().sealed(MANIFEST).parts] == [
        "changes",
        "changes-4",
        "changes-3",
        "others",
        "data",
        "consent",
        "choices",
        "links",
        "contact",
        "why",
        "witness",
    ]


def told_changes(notice: Notice) -> list[str]:
    """What is said of the material changes, in order."""
    return [item.text for part in notice.parts if part.id.startswith("changes-") for item in part.items]


def test_every_material_change_is_told_the_worst_first() -> None:
    told = told_changes(content())
    assert told[0].startswith("Cookies of our site") and "needs your consent" in told[0]
    assert len(told) == len(samples.THIRD_CHANGES.of(Severity.MATERIAL))


@given(st.lists(st.sampled_from(list(Severity)[1:]), max_size=12), st.randoms())
def test_no_material_change_is_ever_left_out(severities: list[Severity], random: Any) -> None:
    changes = [
        samples.change(
            "purpose.set.added",
            f"use.n{place}",
            severity,
            f"Use number {place} is added.",
            consent=random.choice(list(Consent)),
            direction=random.choice(list(Direction)),
        )
        for place, severity in enumerate(severities)
    ]
    text = " ".join(told_changes(content(Comparison("2011-09-06", samples.THIRD, tuple(changes), 30))))
    assert all((change.summary in text) == (change.severity is Severity.MATERIAL) for change in changes)


def test_what_it_says_beside_the_changes() -> None:
    text = re.sub(r"\s+", " ", made().text)
    for sentence in (
        "The new text takes effect on 1 January 2014.",
        "There is also 1 smaller change, about the wording.",
        "If you do nothing, the new text applies from 1 January 2014",
        "silence is not consent",
        "Our policy names no way to say no to these changes.",
        "The new text: https://larkspur.example/privacy/versions/2014-01-01/",
        "https://larkspur.example/privacy/versions/2014-01-01/changes/",
        "The text in force until then: https://larkspur.example/privacy/versions/2011-09-06/",
        "All versions: https://larkspur.example/privacy/versions/",
        "You can complain to SealTrust.",
        "promises notice 30 days before a material change",
        "It is not advertising.",
        "12 Harbour Street, Port Anders, CA 90001",
    ):
        assert sentence in text


def test_nothing_for_experts_stands_in_the_words() -> None:
    letter = made()
    for text in (letter.text, seen(letter.html)):
        assert not re.search(r"[0-9a-f]{16,}|UTC|America/|SHA|Fingerprint|[a-z]+_[a-z]+|material change[s]? \(", text)
    assert MANIFEST in letter.html and MANIFEST in letter.eml.decode()


def test_what_becomes_of_data_already_held_is_said_only_where_the_policy_says_it() -> None:
    assert "stays under the text" not in re.sub(r"\s+", " ", made().text)
    declared = content(new=samples.snapshot(applies_to="collected_from_effective"))
    said = " ".join(line for part in declared.parts for line in part.paragraphs)
    assert "Data collected before that day stays under the text that was in force when we collected it." in said


def test_what_it_must_not_have() -> None:
    letter = made()
    html = letter.html.lower()
    for banned in ("<img", "<script", "<form", "<button", "<link", "url(", "@import", "@font-face", "src="):
        assert banned not in html
    assert not re.search(r"\b(improve|clarif|simplif|i agree)\w*", letter.text.lower())
    assert "unsubscribe" not in letter.eml.decode("ascii").lower()


def test_every_link_of_the_html_is_readable_in_full() -> None:
    for target, label in re.findall(r'<a href="([^"]+)"[^>]*>([^<]*)</a>', made().html):
        assert label == target.removeprefix("mailto:")


def test_a_site_that_is_tried_out_without_tls_keeps_its_links() -> None:
    assert (
        'href="http://localhost:8000/versions/2014-01-01/"'
        in made(content(new=samples.snapshot(site_url="http://localhost:8000/"))).html
    )


def test_consent_is_left_out_where_none_is_needed() -> None:
    plain = tuple(replace(each, consent=Consent.NONE) for each in samples.THIRD_CHANGES.changes)
    notice = content(replace(samples.THIRD_CHANGES, changes=plain))
    assert "consent" not in [part.id for part in notice.parts]
    assert "consent" not in made(notice).text.lower()


def test_data_already_held_is_said_in_plain_words() -> None:
    parts = content(new=samples.snapshot(applies_to="all_data")).parts
    reach = next(part for part in parts if part.id == "data").paragraphs[0]
    assert reach == "From 1 January 2014 the new text also applies to data that we already hold."


def test_a_choice_that_only_the_new_text_has_says_from_when() -> None:
    old = samples.snapshot()
    without = replace(old, practices={key: value for key, value in old.practices.items() if key != "choice.marketing"})
    new = samples.third_snapshot()
    targets = new.practices["choice.marketing"].model_copy({"targets": ("cookie.site",)})
    answering = replace(new, practices={**new.practices, "choice.marketing": targets})
    choices = next(part for part in content(old=without, new=answering).parts if part.id == "choices")
    assert "This is possible from 1 January 2014." in choices.items[0].text
    assert choices.after[0] == "Our policy names no way to say no to the other changes."


def test_the_first_version_has_a_notice_too() -> None:
    notice = notice_content(
        None, samples.snapshot(), Comparison(None, "2009-10-27"), date(2009, 10, 27), date(2009, 10, 1), "2009-10-27"
    )
    assert notice.subject == "27 October 2009: our privacy policy takes effect"
    assert words(seen(made(notice).html)) == words(made(notice).text)


def test_the_headers_are_exactly_these() -> None:
    message = parsed(made())
    assert {name: " ".join(str(value).split()) for name, value in message.items()} == {
        "From": "Larkspur Mail <privacy@larkspur.example>",
        "Reply-To": "privacy@larkspur.example",
        "Subject": content().subject,
        "Date": "Mon, 25 Nov 2013 00:00:00 -0800",
        "Message-ID": f"<2014-01-01.{'c' * 32}@larkspur.example>",
        "Content-Language": "en-US",
        "Auto-Submitted": "auto-generated",
        "X-Policytrail-Version": f"2014-01-01 {MANIFEST}",
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/alternative; boundary="=_policytrail_{"c" * 32}"',
    }


def test_the_message_carries_both_parts_and_is_the_same_each_time() -> None:
    letter = made()
    text, html = parsed(letter).iter_parts()
    assert [text.get_content_type(), html.get_content_type()] == ["text/plain", "text/html"]
    assert text.get_content().replace("\r\n", "\n") == letter.text
    assert html.get_content().replace("\r\n", "\n") == letter.html
    assert letter.eml == made().eml
    assert b"\n" not in letter.eml.replace(b"\r\n", b"") and max(map(len, letter.eml.split(b"\r\n"))) <= 78


def test_a_name_beyond_ascii_is_encoded() -> None:
    name = samples.snapshot().policy.organization.model_copy(update={"name": "Lärkspur, “Mail”"})
    message = parsed(made(content(new=samples.snapshot(organization=name.model_dump()))))
    assert message["From"].addresses[0].display_name == "Lärkspur, “Mail”"


@pytest.mark.parametrize(
    "sender",
    [
        "Mail\r\nBcc: evil@x.example <privacy@larkspur.example>",
        "=?utf-8?q?a=0ABcc:_e@x?= <privacy@larkspur.example>",
        "Mail <privacy@larkspur.example\nBcc: e@x.example>",
        "Mail\u202e <privacy@larkspur.example>",
        "Mail",
        "Mail <two@x.example, three@x.example>",
    ],
)
def test_a_sender_can_not_bring_a_header_along(sender: str) -> None:
    with pytest.raises(SourceError, match=r"policy/policy\.yaml"):
        made(replace(content(), sender=sender))


@pytest.mark.parametrize("subject", ["Changes\r\nBcc: e@x.example", "=?utf-8?q?a=0ABcc:_e@x?= changes", "a\u2028b"])
def test_a_subject_can_not_bring_a_header_along(subject: str) -> None:
    with pytest.raises(SourceError, match="subject"):
        made(replace(content(), subject=subject))


def test_a_policy_may_name_its_sender() -> None:
    message = parsed(made(content(new=samples.snapshot(sender="Privacy Office <notice@mail.larkspur.example>"))))
    assert str(message["From"]) == "Privacy Office <notice@mail.larkspur.example>"


# What Gmail, Outlook (with Word's engine) and Apple Mail show: these properties, with these few values.
_SUPPORTED = {
    "margin",
    "padding",
    "padding-bottom",
    "color",
    "background-color",
    "font-family",
    "font-size",
    "font-weight",
    "line-height",
    "text-align",
    "text-decoration",
    "width",
    "max-width",
    "border-top",
    "border-left",
    "word-break",
}


def test_the_html_uses_only_what_mail_programs_support() -> None:
    html = made().html
    declared = {
        name.strip()
        for style in re.findall(r'style="([^"]*)"', html)
        for name in re.findall(r"(?:^|;)([^:;]+):", style)
    }
    assert declared and declared <= _SUPPORTED
    assert not re.search(r"display\s*:|position\s*:|float\s*:|!important(?=[^}]*</body)|<div|<section|var\(", html)
    assert "@media (prefers-color-scheme: dark)" in html and 'content="light dark"' in html
    padded = re.findall(r'<(\w+)[^>]*style="[^"]*padding', html)
    assert set(padded) <= {"body", "td", "ul"}  # elsewhere Outlook leaves padding out


def test_tables_are_layout_only_and_have_a_fixed_width_for_outlook() -> None:
    html = made().html
    assert html.count("<table") == html.count('role="presentation"') == 2
    assert 'width="620"' in html and "max-width: 620px" in html


def test_the_first_words_tell_what_happens_when() -> None:
    first = words(seen(made().html))
    assert first[: len(words(content().lead[0]))] == words(content().lead[0])
    assert made().text.startswith("Larkspur Mail changes its document")


def test_a_mail_with_many_changes_is_whole_and_not_cut_off_by_gmail() -> None:
    changes = tuple(
        samples.change(
            "purpose.set.added", f"use.n{place}", Severity.MATERIAL, f"Use number {place} is added. " + "word " * 30
        )
        for place in range(100)
    )
    letter = made(content(Comparison("2011-09-06", samples.THIRD, changes, 30)))
    assert len(letter.html.encode()) < 100_000 and "Use number 99 is added" in letter.html


@pytest.mark.parametrize(
    ("name", "display"),
    [
        ("Ünïcode “Quotes” & <b> \\ / : # -", "Ünïcode “Quotes” & b \\ / : # -"),
        ('"A" @ B', "A B"),
        ("O'Neil, Sons; (UK) [x]", None),
        ("<>", ""),
    ],
)
def test_any_name_of_a_company_can_send_its_notice(name: str, display: str | None) -> None:
    policy = samples.snapshot().policy
    named = policy.model_copy({"organization": policy.organization.model_copy({"name": name}), "sender": None})
    found = sender_address(sender(named))
    assert found.display_name == (name if display is None else display)
    assert found.addr_spec.startswith("privacy@")
