"""One recipient's mail: the frozen notice plus To, Message-ID, Date and a greeting. Pure.

The frozen message is taken apart and checked once; each mail is then put together from bytes, and what it has of its own is
checked: only the expected headers, each line ended by CR LF, nothing else that could end a line or a command.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from email import policy as email_policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.quoprimime import body_encode
from email.utils import formatdate
from functools import lru_cache

from policytrail.errors import IntegrityError
from policytrail.render.notice.address_header import ADDRESS_HEADERS, PLACEHOLDER, mailbox_value, with_mailboxes

_MARK = "policytrail-greeting-goes-here"
_GREETINGS = {"en": "Dear {},", "de": "Guten Tag {},", "fr": "Bonjour {},", "es": "Hola, {}:", "nl": "Beste {},"}
_OURS = ("Date", "Message-ID", "To")
_ONE_CLICK = "List-Unsubscribe-Post: List-Unsubscribe=One-Click"
_LIST = ("List-Unsubscribe", "List-Unsubscribe-Post")
_ENCODED = r"=\?utf-8\?[bq]\?[!->@-~]+\?="
_ONE_MAILBOX = re.compile(
    rf"[^\s<>,;:\"()]+@[^\s<>,;:\"()]+|(?:\"[^\"\\\r\n]*\"|{_ENCODED}(?:\r\n[ ]{_ENCODED})*)\r\n <[^\s<>]+@[^\s<>]+>",
    re.ASCII,
)
_ATOM = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]+", re.ASCII)


@dataclass(frozen=True)
class MessageTemplate:
    """A notice in one language, ready to be addressed. `sender` is the bare address of its From header.

    `pieces` are whole lines, `dotted` the same as sent. `own`: those of the headers that each mail has of its own.
    """

    language: str
    sender: str
    head: bytes
    pieces: tuple[bytes, ...]
    dotted: tuple[bytes, ...]
    headers: tuple[str, ...]
    own: tuple[str, ...]
    unsubscribe: str = ""


def message_template(eml: bytes, unsubscribe: str = "") -> MessageTemplate:
    """Take a frozen message (`notice/mail.eml`) apart. `unsubscribe`: the voluntary list's link, with {token} in it.

    Raises IntegrityError where it has no From, no text part or no HTML part.
    """
    parsed = BytesParser(policy=email_policy.SMTP).parsebytes(eml)
    assert isinstance(parsed, EmailMessage)
    mailboxes = _mailboxes(parsed)
    parts = {part.get_content_type(): part for part in parsed.iter_parts()}
    if set(parts) != {"text/plain", "text/html"}:
        raise IntegrityError("The frozen notice isn't a mail with a text and an HTML part. Restore it from git.")
    language = str(parsed["Content-Language"] or "en")
    text = parts["text/plain"].get_content()
    page = parts["text/html"].get_content()
    kept = [(name, str(value)) for name, value in parsed.items() if name not in _OURS]
    made = EmailMessage(policy=email_policy.SMTP)
    for name, value in kept:
        if not name.startswith(("Content-", "MIME-")):
            made[name] = PLACEHOLDER if name in mailboxes else value
    made.set_content(f"{_MARK}\n\n{text}", cte="quoted-printable")
    made.add_alternative(_into_page(page), subtype="html", cte="quoted-printable")
    made["Content-Language"] = language
    made.set_boundary(parsed.get_boundary() or "=_policytrail")
    head, _, body = with_mailboxes(made.as_bytes(), mailboxes).partition(b"\r\n\r\n")
    pieces = body.split(_MARK.encode())
    if len(pieces) != 3 or not all(piece.endswith(b"\r\n") for piece in pieces):
        raise IntegrityError("The frozen notice has no place for a greeting. Restore it from git.")
    own = tuple(sorted((*_OURS, *(_LIST if unsubscribe else ()))))
    check(head + b"\r\n\r\n", tuple(sorted(made.keys())))
    before, text_part, page_part = pieces
    parts_around = (before, text_part.removeprefix(b"\r\n\r\n"), page_part.removeprefix(b"\r\n"))
    for each in parts_around:
        _check_lines(each)
    dotted = tuple(map(_dotted, parts_around))
    headers = tuple(sorted((*made.keys(), *own)))
    sender = mailboxes["From"].addr_spec
    return MessageTemplate(language, sender, head + b"\r\n", parts_around, dotted, headers, own, unsubscribe)


def _mailboxes(parsed: EmailMessage) -> dict[str, Address]:
    """The one mailbox of each address header of a frozen message. Raises IntegrityError where that isn't one."""
    found = {}
    for header in ADDRESS_HEADERS:
        named: tuple[Address, ...] = tuple(parsed[header].addresses) if parsed[header] else ()
        if len(named) == 1 and "@" in named[0].addr_spec:
            found[header] = named[0]
        elif named or header == "From":
            raise IntegrityError(
                f"The {header} header of the frozen notice names {len(named)} addresses instead of one. Nothing was sent. "
                "Restore it from git; if it was released so, release a correction with a shorter organization name."
            )
    return found


def _into_page(page: str) -> str:
    """The HTML with a line of its own for the greeting, before the first paragraph (else where the body begins)."""
    found = re.search(r"<p[ >]", page) or re.search(r"(?<=<body>)|(?<=\n)", page)
    at = found.start() if found else 0
    return f"{page[:at]}\n{_MARK}\n{page[at:]}"


def message(made: MessageTemplate, address: str, name: str, message_id: str, date: float, token: str = "") -> bytes:
    """The exact bytes for one recipient. In: a normalised address, a checked name, the ID without <>, the Date in seconds;
    for the voluntary list, what stands for the person in its link.

    The same arguments give the same bytes. Raises ValueError where the bytes would hold anything unexpected.
    """
    own, text, page = _personal(made, address, name, message_id, date, token)
    before, middle, after = made.pieces
    return b"".join((made.head, own, before, text, middle, page, after))


def content(made: MessageTemplate, address: str, name: str, message_id: str, date: float, token: str = "") -> bytes:
    """The same `message` as DATA carries it (RFC 5321, 4.5.2): dots that begin a line are doubled, a dot ends it."""
    own, text, page = _personal(made, address, name, message_id, date, token)
    before, middle, after = made.dotted
    return b"".join((made.head, own, before, _dotted(text), middle, _dotted(page), after, b".\r\n"))


def _dotted(lines: bytes) -> bytes:
    return (b"\r\n" + lines).replace(b"\r\n.", b"\r\n..")[2:]


def _personal(
    made: MessageTemplate, address: str, name: str, message_id: str, date: float, token: str
) -> tuple[bytes, bytes, bytes]:
    """What a mail has of its own: the last headers with the empty line, the greeting in the text and in the page."""
    to = _to(address, name)
    if not _ONE_MAILBOX.fullmatch(to) or not to.rstrip(">").endswith(address):
        raise ValueError("the To header would not name exactly one address")
    own = f"To: {to}\r\nMessage-ID: <{message_id}>\r\nDate: {_date(date)}\r\n"
    if made.unsubscribe:
        own += f"List-Unsubscribe: <{made.unsubscribe.replace('{token}', token)}>\r\n{_ONE_CLICK}\r\n"
    text, page = (b"", b"") if not name else _greetings(name, made.language)
    head = own.encode("ascii") + b"\r\n"
    check(head, made.own)
    _check_lines(text + page)
    return head, text, page


@lru_cache(maxsize=64)  # all that are claimed at once have the same
def _date(seconds: float) -> str:
    return f"{formatdate(seconds)[:-5]}+0000"


def _to(address: str, name: str) -> str:
    if not name:
        return address
    if _ATOM.fullmatch(name) and "=?" not in name:
        return f'"{name}"\r\n <{address}>'
    return mailbox_value("To", name, address).decode("ascii")


def _greetings(name: str, language: str) -> tuple[bytes, bytes]:
    words = _GREETINGS.get(language.split("-")[0].lower(), "{},").format(name)
    return _encoded(words) + b"\r\n\r\n", _encoded(f"<p>{html.escape(words)}</p>") + b"\r\n"


def _encoded(words: str) -> bytes:
    if words.isascii() and len(words) < 70 and "=" not in words and not words.startswith("."):
        return words.encode()
    return body_encode(words.encode().decode("latin-1"), eol="\r\n").encode("ascii")


def check(raw: bytes, headers: tuple[str, ...]) -> None:
    """Raises ValueError unless the bytes have exactly these headers and no CR or LF that stands alone."""
    _check_lines(raw)
    block = raw[: raw.index(b"\r\n\r\n")].decode("ascii")
    found = [line.partition(":")[0] for line in block.split("\r\n") if line[:1] not in (" ", "\t")]
    if tuple(sorted(found)) != headers:
        raise ValueError("the mail would get headers that it must not have")


def _check_lines(raw: bytes) -> None:
    """What passes this on its own passes it in any sequence, too: no piece begins or ends inside a line end."""
    ends = raw.count(b"\r\n")
    if raw.count(b"\r") != ends or raw.count(b"\n") != ends or b"\0" in raw:
        raise ValueError("the mail would hold a bare line end")
