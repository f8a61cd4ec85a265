"""A notice as a mail: HTML and plain text with the same words, and the exact bytes of a message.

The message has no recipient and no marketing header: it is rendered once, at the release, and kept with the version.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email import policy as email_policy
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime

import css_inline
import jinja2

from policytrail.errors import Problem, SourceError
from policytrail.render.shared import templates

from .address_header import PLACEHOLDER, with_mailboxes
from .content import Notice

FINGERPRINT = "X-Policytrail-Version"  #: Holds the version and its manifest hash, so that each copy is a witness.
HEADERS = (
    "From",
    "Subject",
    "Date",
    "Message-ID",
    "Content-Language",
    "Auto-Submitted",
    FINGERPRINT,
    "MIME-Version",
    "Content-Type",
)
_SENDER = re.compile(r"((?P<name>[^<>@\"]+) <)?(?P<address>[^<>@\s,;\"]+@[^<>@\s,;\"]+)(?(1)>)")
_ENCODED_WORD = re.compile(r"=\?[^?\s]+\?[bq]\?", re.IGNORECASE)


@dataclass(frozen=True)
class Mail:
    """One notice as HTML, as text, and as a complete message (`.eml`) without a recipient."""

    html: str
    text: str
    eml: bytes


def mail(notice: Notice, manifest: str, env: jinja2.Environment | None = None) -> Mail:
    """The mail for a notice and its version's manifest hash, which stands in a header and in the head of the HTML, not in the
    words.

    `env` finds the templates (default: the packaged ones). Raises SourceError for a header that can't be built.
    """
    used = env or templates.environment()
    context = {"notice": notice, "manifest": manifest}
    html = inlined(templates.render(used, "email/notice.html", context))
    text = templates.render(used, "email/notice.txt", context)
    return Mail(html, text, message(notice, manifest, html, text))


def inlined(html: str) -> str:
    """HTML with its style sheet written into the elements; nothing is fetched."""
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=False).inline(html).rstrip() + "\n"


def message(notice: Notice, manifest: str, html: str, text: str) -> bytes:
    """The bytes of the message: the same on every machine, and with exactly the headers that it should have."""
    made = EmailMessage(policy=email_policy.SMTP)
    mailboxes = {"From": sender_address(notice.sender)}
    if notice.reply_to:
        mailboxes["Reply-To"] = sender_address(notice.reply_to)
    for header in mailboxes:
        made[header] = PLACEHOLDER
    made["Subject"] = _clean(notice.subject, "subject")
    made["Date"] = format_datetime(datetime.fromisoformat(notice.announced_instant))
    language = f".{notice.language}" if notice.is_translation else ""
    made["Message-ID"] = f"<{notice.version}.{manifest[:32]}{language}@{notice.host}>"
    made["Auto-Submitted"] = "auto-generated"
    made[FINGERPRINT] = f"{notice.version} {manifest}"
    made.set_content(text, cte="quoted-printable")
    made.add_alternative(html, subtype="html", cte="quoted-printable")
    made["Content-Language"] = (
        notice.language
    )  # after the parts: adding them moves every Content- header into the first
    made.set_boundary(f"=_policytrail_{manifest[:32]}")
    return _checked(_addressed(made.as_bytes(), mailboxes), bool(notice.reply_to))


def _addressed(raw: bytes, mailboxes: dict[str, Address]) -> bytes:
    """The bytes with each address header read back as the one mailbox that is meant. Raises SourceError."""
    try:
        return with_mailboxes(raw, mailboxes)
    except ValueError as wrong:
        hint = "Write the sender and the reply address each as: Name <name@example.com>."
        raise SourceError(Problem("policy/policy.yaml", 0, f"The notice can't be addressed: {wrong}.", hint)) from None


def _checked(raw: bytes, replies: bool) -> bytes:
    """The bytes, once read back: a header that slipped in by way of a name or subject would show here."""
    expected = sorted([*HEADERS, *(["Reply-To"] if replies else [])])
    parsed = BytesParser(policy=email_policy.default).parsebytes(raw)
    if sorted(parsed.keys()) != expected or b"\r" in raw.replace(b"\r\n", b"") or b"\n" in raw.replace(b"\r\n", b""):
        raise SourceError(
            Problem(
                "policy/policy.yaml",
                0,
                "The mail would get headers that it must not have.",
                "Use plain words without line ends in the organization's name, the title and the sender.",
            )
        )
    return raw


def sender_address(text: str) -> Address:
    """`Name <name@example.com>` as the parts of a From header. Raises SourceError for anything else."""
    found = _SENDER.fullmatch(_clean(text, "sender"))
    try:
        if found is None:
            raise ValueError(text)
        return Address(found["name"] or "", addr_spec=found["address"])
    except (ValueError, IndexError, HeaderParseError) as wrong:
        problem = f"{text!r} can't be the sender of a mail."
        raise SourceError(Problem("policy/policy.yaml", 0, problem, "Write it as: Name <name@example.com>.")) from wrong


def _clean(value: str, what: str) -> str:
    hidden = any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in value)
    if hidden or _ENCODED_WORD.search(value):
        raise SourceError(
            Problem(
                "policy/policy.yaml",
                0,
                f"The {what} of the notice has characters that can't stand in a header.",
                "Use plain words, without line ends and without =? ?= codes.",
            )
        )
    return value
