"""Addresses and names that leave the policy for other readers: links, the site, mail headers, the calendar's zone.

The model's forms are wide, so that what was frozen long ago can still be read; what is written now is held to more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from policytrail.model.policy import Policy
from policytrail.model.practice import Practice
from policytrail.model.validation.urls import is_safe

from .markdown_rules import refused_link
from .source_set import Sources

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = rf"{_LABEL}(\.{_LABEL})*"
_SITE = re.compile(
    rf"https?://({_DOMAIN}|\[[0-9a-f:.]+\])(:(?P<port>[0-9]{{1,5}}))?/(?P<path>\S*)", re.ASCII | re.IGNORECASE
)
_ATOM = r"[A-Za-z0-9#$&'*+/=?^_`{|}~][A-Za-z0-9#$&'*+/=?^_`{|}~-]*"
_MAIL = re.compile(rf"{_ATOM}(\.{_ATOM})*@{_DOMAIN}", re.ASCII | re.IGNORECASE)
_SENDER = re.compile(r"[^<>]*<(?P<address>[^<>]*)>|(?P<bare>[^<>\s]+)")
_ENCODED_WORD = re.compile(r"=\?[^?\s]*\?[bqBQ]\?")
# Names of the zone database that mean another zone on another machine, or none.
_NO_ZONES = frozenset({"localtime", "Factory", "posixrules"})
_MAIL_MEND = "Write one plain address in ASCII letters, such as privacy@example.com (a domain in its form xn--...)."

Path = tuple[str | int, ...]
Wrong = Iterator[tuple[Path, str, str]]


def check_addresses(sources: Sources) -> None:
    """Add a problem for each address or name that couldn't stand where it will be used, at its line."""
    if sources.policy is not None:
        for path, message, hint in _of_policy(sources.policy):
            sources.blame("policy", "", message, hint, path)
    for practice in sources.practices.values():
        for path, url in _urls(practice):
            if not is_safe(url):
                sources.blame("practice", practice.id, *refused_link(url), path)


def _of_policy(policy: Policy) -> Wrong:
    site = _SITE.fullmatch(policy.site_url)
    if not site or int(site["port"] or 0) > 65_535 or set(site["path"].split("/")) & {"..", "."} or "%" in site["path"]:
        hint = "Write it as https://example.com/ with a plain host (xn--... for other letters), no user, no dots as folders."
        yield ("site_url",), f"The site can't be published at {policy.site_url[:60]!r}.", hint
    if policy.time_zone in _NO_ZONES:
        hint = "Write a place, such as America/Los_Angeles."
        yield ("time_zone",), f"The zone {policy.time_zone!r} is another one on another machine.", hint
    if policy.complaints and not is_safe(policy.complaints):
        yield ("complaints",), *refused_link(policy.complaints)
    address = policy.organization.email
    if address and not _MAIL.fullmatch(address):
        yield ("organization", "email"), f"{address[:60]!r} is no plain mail address.", _MAIL_MEND
    yield from _headers(policy)


def _headers(policy: Policy) -> Wrong:
    """What becomes a header of the notice by mail."""
    sender = _SENDER.fullmatch(policy.sender) if policy.sender else None
    if policy.sender and not (sender and _MAIL.fullmatch(sender["address"] or sender["bare"] or "")):
        hint = "Write it as: Name <name@example.com>."
        yield ("sender",), f"{policy.sender[:60]!r} can't be the sender of a mail.", hint
    about = policy.organization
    named = {("title",): policy.title, ("organization", "name"): about.name, ("sender",): policy.sender or ""}
    for path, text in named.items():
        if "\n" in text or "\t" in text:
            yield (
                path,
                "A line end or tab stands inside this text, which becomes a mail header.",
                "Write it on one line.",
            )
        if _ENCODED_WORD.search(text):
            yield path, "A =? ?= code stands here, which mail programs would decode.", "Write the words themselves."


def _urls(practice: Practice) -> Iterator[tuple[Path, str]]:
    target = getattr(practice, "target", "unstated")
    if target and target != "unstated":
        yield ("target",), target
    for place, each in enumerate(getattr(practice, "mechanisms", ()) or ()):
        if each.url:
            yield ("mechanisms", place, "url"), each.url
    redress = getattr(practice, "redress", None)
    if redress and redress.url:
        yield ("redress", "url"), redress.url
