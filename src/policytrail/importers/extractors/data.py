"""Data: what is collected, what it is used for, who gets it, where it goes; and what is denied of all that."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .lexicon_recipients import COUNTRIES, MECHANISMS
from .registry import Fields, Read, hint, named, promise, reader, who
from .tracking import TRACKERS

_COLLECT = r"(?:collect|gather|obtain|receive|record|capture|acquire)(?:s|ed|ing)?|we (?:\w+ )?(?:request|ask)|asks?(?:ed)? (?:you )?for"


_USE = r"(?:use|process|analy[sz]e|combine)(?:s|d)?|using|processing|(?:are|is|be) used|our uses?|purposes?"


_SHARE = (
    r"(?:share|disclose|sell|rent|trade|transfer|release|transmit|license)(?:s|d)?|sold|sharing(?! of)|disclosing|selling|"
    r"provides? (?:\w+ ){0,5}(?:information|data|it|them) (?:\w+ ){0,6}to|provided to|"
    r"giv(?:e|es|en|ing)|pass(?:es)? (?:on|along)|mak(?:e|es) (?:it |them |\w+ )*available|respond(?:s)? to subpoenas"
)


_SALE = r"\b(?:sell|sells|sold|selling|rent|rents|trade)\b"


_RIGHT = r"rights? to|you (?:may|can) (?:\w+ )?(?:request|ask|review|access|view|update|correct)|request (?:that|access|removal|deletion)"


@reader
def _collecting(read: Read) -> Iterator[Fields]:
    if not read.data or not read.has(_COLLECT) or read.has(_RIGHT) or read.has(r"chang\w+ (?:to )?the way|materially"):
        return
    if read.denies(_COLLECT):
        yield promise(read, "collect")
        return
    sources = [
        name
        for name, words in (
            ("observed", r"automatically|cookies?|records?|log files?"),
            ("third_parties", r"from (?:\w+ )?(?:third parties|partners|other (?:sources|compan\w+))"),
            (
                "given",
                r"you (?:\w+ )?(?:provide|register|give|submit|enter|choose|order|create)|ask (?:you )?for|forms?",
            ),
        )
        if read.has(words)
    ]
    only = (
        {"exclusive": True} if read.has(r"(?:collect|receive)\w* [^.]{0,60}\bonly|only (?:collect|receive)\w*") else {}
    )
    yield {
        "type": "collection",
        "title": named("Collected", read.data),
        "hint": hint("collection", read.data),
        **read.common,
        **only,
        **({"source": sources} if sources else {}),
    }


@reader
def _using(read: Read) -> Iterator[Fields]:
    if (
        not read.purposes
        or not read.has(_USE)
        or read.has(TRACKERS)
        or read.has(r"discriminat\w+|retaliat\w+")
        or read.has(
            r"we share|we disclose|you (?:can|may) (?:opt|choose)|uses? (?:\w+ ){0,3}(?:processors|providers|vendors)"
        )
    ):
        return
    if read.denies(r"use|used|process|be used"):
        yield promise(read, "use")
        return
    if read.has(_FORBIDDEN):
        return
    only = (
        {"exclusive": True}
        if read.has(r"sole(?:ly)? |only (?:for|to|use)|exclusively|not (?:be )?used for (?:any )?other")
        else {}
    )
    yield {
        "type": "use",
        "title": named("Used for", read.purposes),
        "hint": hint("use", read.purposes),
        **read.common,
        **only,
    }


_FORBIDDEN = r"(?:prohibited|forbidden|barred) from (?:using|sharing|disclosing|selling)|not (?:permitted|allowed|authori[sz]ed) to (?:use|share|disclose|sell)|(?<!you )may not use"


_NO_SHARING = r"governed by|according to the privacy polic\w+|request that|not be shared|limit access|access is limited|share this"


@reader
def _forbidding(read: Read) -> Iterator[Fields]:
    if read.has(_FORBIDDEN):
        yield {
            **promise(read, "use"),
            "actor": "agent",
            "modality": "prohibited",
            "hint": "commitment.others_bound",
            "title": "What others may not do",
        }


@reader
def _sharing(read: Read) -> Iterator[Fields]:
    by_us = re.sub(r"\byou (?:\w+ ){0,2}?(?:share|provide|disclose|give|submit|transmit|transfer)\w*", " ", read.words)
    if not re.search(rf"\b(?:{_SHARE})\b", by_us) or read.has(_NO_SHARING) or read.has(_FORBIDDEN):
        return
    if not read.recipients:
        if read.is_about_data and read.denies(_SHARE):
            yield promise(read, "share")
        return
    if not (read.data or read.has(r"information|data|it|them|subpoenas")):
        return
    if read.denies(_SHARE):
        yield promise(read, "share")
        return
    about = [recipient for recipient in read.recipients if recipient.key != "third_parties"] or read.recipients
    sale = {"is_sale": True} if read.has(_SALE[2:-2]) and not read.has("sale of (?:all|our|assets)") else {}
    ads = {"is_ads": True} if any(purpose.key.startswith("marketing.advertising") for purpose in read.purposes) else {}
    conditions = [
        name
        for name, words in (
            ("consent", r"(?:your|with) (?:prior )?(?:consent|permission)"),
            ("user_request", r"you (?:have )?requested?"),
        )
        if read.has(words)
    ]
    yield {
        "type": "disclosure",
        "title": named("Shared with", about),
        "hint": hint("sharing", about),
        **read.common,
        "recipients": who(read),
        **sale,
        **ads,
        **({"requires": conditions} if conditions else {}),
    }


@reader
def _transferring(read: Read) -> Iterator[Fields]:
    abroad = read.has(
        r"outside (?:of )?(?:the |your )?(?:eea|e\.u\.|eu|european|united|uk|country|switzerland|jurisdiction)|(?:other|third|foreign) countr(?:y|ies)|cross-border|internationally"
    )
    how = [name for name, words in MECHANISMS.items() if read.has(words)]
    where = [code for code, words in COUNTRIES.items() if re.search(words, read.words)]
    if (
        not (abroad or how or where)
        or not read.has(r"transfer\w*|stored?|process(?:ed|ing)?|servers?|hosted|export\w*")
        or not (abroad or how or read.has("transfer\\w*"))
    ):
        return
    mechanism = {"transfer_mechanism": how[0]} if how else {}
    yield {
        "type": "disclosure",
        "title": "Transfer to other countries",
        "hint": "transfer.countries",
        **read.common,
        **({"countries": where} if where else {}),
        **mechanism,
    }
