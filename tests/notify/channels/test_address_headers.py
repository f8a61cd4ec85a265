"""Whatever an organization or a person is called, each address header is read as the one mailbox that was meant."""

from __future__ import annotations

import dataclasses
import email
from email import policy as email_policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import getaddresses

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from notice_samples import content as frozen_notice
from notice_samples import made as frozen_mail

from policytrail.errors import IntegrityError
from policytrail.notify.channels.message import message, message_template
from policytrail.render.notice.address_header import is_only, with_mailboxes
from policytrail.render.notice.mail import message as frozen_message

BOARD = "The Board of Trustees of the International Foundation for Reading, Writing, and Arithmetic, Inc."


def read(raw: bytes, header: str) -> list[tuple[str, str]]:
    """The mailboxes of a header as a strict reader sees them; a lenient one must see the same addresses."""
    strict = email.message_from_bytes(raw, policy=email_policy.default)[header].addresses
    lenient = getaddresses([str(email.message_from_bytes(raw)[header]).replace("\r\n", "").replace("\n", "")])
    assert [address for _, address in lenient] == [each.addr_spec for each in strict]
    return [("".join(each.display_name.split()), each.addr_spec) for each in strict]


NAMES = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Cn", "Co"), exclude_characters='<>@"'),
    max_size=300,
)


@given(NAMES)
@example(BOARD)
@example("A" * 80 + ", " + "B" * 80)
@example("Müller, Söhne & Co. " * 6)
@example("St. Mary's Hospital, " * 5)
@example("(comment) group: a, b; " * 6)
def test_the_sender_is_one_mailbox_in_the_frozen_and_in_the_sent_bytes(name: str) -> None:
    plain = " ".join(name.split())
    sender = f"{plain} <privacy@example.org>" if plain else "privacy@example.org"
    notice = dataclasses.replace(frozen_notice(), sender=sender, reply_to=sender)
    if "=?" in plain:
        return
    raw = frozen_message(notice, "a" * 64, "<html><body><p>x</p></body></html>\n", "x\n")
    template = message_template(raw)
    assert template.sender == "privacy@example.org"
    sent = message(template, "b@example.org", "", "1@example.org", 0.0)
    for made in (raw, sent):
        for header in ("From", "Reply-To"):
            assert read(made, header) == [("".join(plain.split()), "privacy@example.org")]


@given(NAMES)
@example(BOARD)
def test_the_recipient_is_one_mailbox_whatever_the_name(name: str) -> None:
    plain = " ".join(name.split())
    if "=?" in plain:
        return
    sent = message(message_template(frozen_mail().eml), "b.c+d@example.org", plain, "1@example.org", 0.0)
    assert read(sent, "To") == [("".join(plain.split()), "b.c+d@example.org")]


def test_a_frozen_notice_that_names_several_senders_is_refused() -> None:
    eml = frozen_mail().eml
    start = eml.index(b"From: ")
    end = eml.index(b"\r\n", start)
    broken = eml[:start] + b"From: The Board of Trustees, Writing, Inc. <a@example.org>" + eml[end:]
    with pytest.raises(IntegrityError, match="names 3 addresses instead of one"):
        message_template(broken)


def test_what_python_folds_wrongly_is_found_and_written_anew() -> None:
    meant = Address(BOARD, addr_spec="privacy@example.org")
    made = EmailMessage(policy=email_policy.SMTP)
    made["From"] = meant
    assert not is_only(bytes(made).partition(b":")[2].partition(b"\r\n\r\n")[0], meant)
    bare = b"From: mailbox@invalid\r\n\r\n"
    assert read(with_mailboxes(bare, {"From": meant}), "From") == [("".join(BOARD.split()), "privacy@example.org")]
