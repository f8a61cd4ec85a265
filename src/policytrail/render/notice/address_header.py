"""Address headers that every reader takes for the one mailbox that was meant: written, and read back by two parsers. Pure.

Python's own folding of a long name drops the quotes round it, so that a comma in it makes several addresses out of one.
"""

from __future__ import annotations

import re
from base64 import b64encode
from email import policy as email_policy
from email.errors import HeaderParseError
from email.header import Header, decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses

_LONGEST_PIECE = 39  # bytes: with "Reply-To: =?utf-8?b?" and "?=" they stay under 76 signs a line
ADDRESS_HEADERS = ("From", "Reply-To")
PLACEHOLDER = "mailbox@invalid"  # short, so that nothing folds it


def mailboxes(value: bytes) -> list[Address]:
    """The mailboxes that an address header's value names, folded or not, as a strict parser reads them."""
    parsed = BytesParser(policy=email_policy.default).parsebytes(b"To: " + value.strip() + b"\r\n\r\n")
    return list(parsed["To"].addresses)


def is_only(value: bytes, meant: Address) -> bool:
    """Whether an address header's value is read as exactly the mailbox that is meant, by a strict and by a lenient parser."""
    try:
        strict = [(_solid(found.display_name), found.addr_spec) for found in mailboxes(value)]
        unfolded = re.sub(r"\r\n(?=[ \t])", "", value.decode("ascii").strip())
        lenient = [(_solid(_decoded(name)), address) for name, address in getaddresses([unfolded])]
    except (ValueError, IndexError, AttributeError, HeaderParseError):
        return False
    wanted = [(_solid(meant.display_name), meant.addr_spec)]
    return strict == wanted and lenient == wanted


def _decoded(name: str) -> str:
    return str(make_header(decode_header(name)))


def _spaced(name: str) -> str:
    return " ".join(name.split())


def _solid(name: str) -> str:
    """A name without its spaces: readers differ in where two encoded words meet."""
    return "".join(name.split())


def mailbox_value(header: str, name: str, address: str) -> bytes:
    """A mailbox as the value of a header, folded: its name as encoded words (RFC 2047), which no comma or quote can end."""
    if not name:
        return address.encode("ascii")
    words = Header(_spaced(name), "utf-8", header_name=header).encode(linesep="\r\n")
    if "\r\n" in words:
        words = "\r\n ".join(_encoded(piece) for piece in _pieces(_spaced(name)))
    return f"{words}\r\n <{address}>".encode("ascii")


def _encoded(words: str) -> str:
    return f"=?utf-8?b?{b64encode(words.encode()).decode('ascii')}?="


def _pieces(name: str) -> list[str]:
    """The name in pieces that each fit into one encoded word, cut behind a space where there is one.

    Some readers, Python's among them, put a space between two encoded words: there it does no harm.
    """
    pieces = [""]
    for word in re.findall(r"\S+\s*", name):
        if len((pieces[-1] + word).encode()) <= _LONGEST_PIECE:
            pieces[-1] += word
            continue
        pieces.append("")
        for character in word:
            if len((pieces[-1] + character).encode()) > _LONGEST_PIECE:
                pieces.append("")
            pieces[-1] += character
    return [piece for piece in pieces if piece]


def with_mailboxes(raw: bytes, meant: dict[str, Address]) -> bytes:
    """A message with its address headers, each read back as the one mailbox that is meant.

    In: the message's bytes (CR LF), in which each of these headers holds PLACEHOLDER; the mailbox of each by the
    header's name. Raises ValueError where no way of writing one is read back as meant.
    """
    head, end, body = raw.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    for header, mailbox in meant.items():
        at = lines.index(f"{header}: {PLACEHOLDER}".encode("ascii"))
        lines[at] = header.encode("ascii") + b": " + _written(header, mailbox)
    return b"\r\n".join(lines) + end + body


def _written(header: str, meant: Address) -> bytes:
    """The value of a header: as Python folds it, or else in a way that holds for any name."""
    made = EmailMessage(policy=email_policy.SMTP)
    made[header] = meant
    usual = bytes(made).partition(b":")[2].removesuffix(b"\r\n\r\n").strip(b" ")
    for value in (usual, mailbox_value(header, meant.display_name, meant.addr_spec)):
        if is_only(value, meant):
            return value
    raise ValueError(f"{header} would not name exactly {meant.addr_spec}")
