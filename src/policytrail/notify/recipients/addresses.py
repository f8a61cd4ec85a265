"""One mail address and one name, as strict as a header and an SMTP command need them. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

_ENCODED_WORD = re.compile(r"=\?[^?\s]*\?[bqBQ]\?")
_ATOM = r"[A-Za-z0-9#$&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(\.{_ATOM})*", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)
_LONGEST_NAME = 200


def normalised(address: str) -> str:
    """The address as it is sent: the local part as written, the domain in lower case and ASCII (IDNA).

    Raises ValueError with a few plain words for anything that isn't exactly one plain address.
    """
    text = address.strip(" ")
    if not text:
        raise ValueError("the address is empty")
    if _hidden(text):
        raise ValueError("the address has control or invisible characters")
    if text.count("@") > 1 or any(char in text for char in ",; "):
        raise ValueError("this isn't exactly one address")
    if text[0] in "-@" or any(char in text for char in '"()<>[]\\:%!'):
        raise ValueError("the address isn't a plain one (quotes, comments, routes and a leading - aren't allowed)")
    local, _, domain = text.rpartition("@")
    if not local.isascii():
        raise ValueError("the part before the @ isn't ASCII, so mail servers may not take it")
    if not _LOCAL.fullmatch(local) or len(local) > 64:
        raise ValueError("this is no mail address")
    found = f"{local}@{_domain(domain)}"
    if len(found) > 254:
        raise ValueError("this is no mail address (it's too long)")
    return found


@lru_cache(maxsize=4096)
def _domain(domain: str) -> str:
    """The domain as it is sent. A list has few domains and many people, so each is looked at once."""
    try:
        found = validate_email(f"a@{domain}", check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        raise ValueError("this is no mail address") from None
    return str(found.ascii_domain).lower()


def folded(address: str) -> str:
    """A coarser form of a normalised address, under which likely twins meet."""
    local, _, domain = address.rpartition("@")
    return f"{local.split('+')[0].casefold()}@{domain}"


def plain_name(name: str) -> str:
    """The name, trimmed, in NFC. Raises ValueError for what can't stand in a header or a greeting."""
    text = unicodedata.normalize("NFC", name.strip(" "))
    if _hidden(text):
        raise ValueError("the name has control or invisible characters, or a line end")
    if _ENCODED_WORD.search(text):
        raise ValueError("the name holds a =? ?= code")
    if len(text) > _LONGEST_NAME:
        raise ValueError(f"the name is longer than {_LONGEST_NAME} characters")
    return text


def plain_language(language: str) -> str:
    """A language tag in lower case, or empty. Raises ValueError for anything else."""
    text = language.strip(" ")
    if text and not _LANGUAGE.fullmatch(text):
        raise ValueError("the language is no tag such as en or pt-BR")
    return text.lower()


def _hidden(text: str) -> bool:
    return (
        not text.isascii() and any(unicodedata.category(each) in ("Cc", "Cf", "Cs", "Zl", "Zp", "Co") for each in text)
    ) or (text.isascii() and not text.isprintable())
