"""One mail address, as strict as a header and an SMTP command need it; a name and a language, cleaned. Pure."""

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
_JOINERS = "\u200c\u200d"
_HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn")
_UNUSABLE_NAME = re.compile("[\r\n\u2028\u2029\ufffd\ud800-\udfff]")


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
    """The name as it can stand in a header and a greeting: in NFC, one space between words, without hidden characters.

    Joiners stay between letters that they join (Persian, Hindi). Empty where nothing usable is left: a line end, an =? ?=
    code, a character that the list's encoding lost, or more than 200 characters.
    """
    if _UNUSABLE_NAME.search(name):
        return ""
    text = unicodedata.normalize("NFC", " ".join(name.split()))
    if not text.isascii() or not text.isprintable():
        text = " ".join("".join(_shown(text, place) for place in range(len(text))).split())
    return "" if _ENCODED_WORD.search(text) or len(text) > _LONGEST_NAME else text


def _shown(text: str, place: int) -> str:
    """The character at a place of a name, or nothing where it has no shape and joins nothing."""
    character = text[place]
    if character in _JOINERS:
        around = text[place - 1 : place] + text[place + 1 : place + 2]
        return character if len(around) == 2 and all(_is_letter(near) and not near.isascii() for near in around) else ""
    return "" if unicodedata.category(character) in _HIDDEN else character


def _is_letter(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM"


def plain_language(language: str) -> str:
    """A language tag in lower case, from `pt-BR`, `pt_BR` or `pt_BR.UTF-8`; empty for anything that is none."""
    text = language.strip().partition(".")[0].partition("@")[0].replace("_", "-")
    return text.lower() if _LANGUAGE.fullmatch(text) else ""


def _hidden(text: str) -> bool:
    return (
        not text.isascii() and any(unicodedata.category(each) in ("Cc", "Cf", "Cs", "Zl", "Zp", "Co") for each in text)
    ) or (text.isascii() and not text.isprintable())
