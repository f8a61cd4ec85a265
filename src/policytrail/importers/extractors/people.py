"""What people can do: choose, ask, turn to somebody; and what is said of children."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .registry import Fields, Read, duration, named, reader
from .tracking import OUT, TRACKERS

_WAYS = (
    ("email_link", r"unsubscribe|links? (?:in|provided|at the bottom)|in (?:the|any|our) [\w ]*e-?mails?"),
    ("registration", r"registr\w+"),
    ("account_setting", r"account (?:settings?|page|feature)|my account|settings|preferences"),
    ("browser_setting", r"browsers?"),
    ("contact", r"contact(?:ing)? us|write to us|e-?mail(?:ing)? us"),
)


@reader
def _choosing(read: Read) -> Iterator[Fields]:
    ways = [{"kind": name} for name, words in _WAYS if read.has(words)]
    if read.has(r"may not be able|will not be able"):
        return
    if read.has(r"(?:close|deactivate|cancel|terminate) your account"):
        kind = "closure"
    elif read.has(OUT) or read.has(r"opt(?:ing)?[- ]?in"):
        kind = "opt_out" if read.has(OUT) else "opt_in"
        if read.has(r"(?:may|can) ?not (?:be able to )?opt[- ]?out|cannot (?:opt|unsubscribe)"):
            kind = "none"
    elif read.has(r"(?:with|only if|obtain|if) (?:we have )?(?:your|you) (?:\w+ )?(?:consent|permission|agree)\w*"):
        kind = "opt_in"
    else:
        return
    names = {
        "opt_out": "Opting out",
        "opt_in": "Only if you agree",
        "none": "Can't be refused",
        "closure": "Closing the account",
    }
    fields = {name: value for name, value in read.common.items() if name in ("data", "purposes")}
    yield {
        "type": "choice",
        "title": named(names[kind], read.purposes),
        "hint": f"choice.{kind}",
        "kind": kind,
        **fields,
        **({"mechanisms": ways} if ways and kind != "none" else {}),
        **({"timing": "any_time"} if read.has("at any time") else {}),
    }


_RIGHTS = (
    ("access", r"access|review|see|view|obtain a copy|copy of"),
    ("correct", r"correct\w*|rectif\w+|update|amend|modify"),
    ("delete", r"delet\w+|eras\w+|remov\w+"),
    ("port", r"portab\w+|machine[- ]readable"),
    ("object", r"object(?:ion)?"),
    ("restrict", r"restrict\w*"),
)


@reader
def _asking(read: Read) -> Iterator[Fields]:
    claims = read.has(
        r"you (?:\w+ )?(?:may|can|have (?:the|a|certain)|are entitled)|(?:the |your )rights? (?:to|of)|request (?:that|access|removal|deletion|correction)|(?:at|upon) your request"
    )
    kinds = [name for name, words in _RIGHTS if read.has(words)]
    data = read.data or read.has(r"information|data")
    if not claims or not kinds or not data or read.has(TRACKERS) or read.has(r"you may not be able|we may not be able"):
        return
    ways = {"mechanisms": [{"kind": name} for name, words in _WAYS if read.has(words)]}
    fields = {name: value for name, value in read.common.items() if name == "data"}
    within = duration(read.words)
    yield {
        "type": "right",
        "title": f"You can ask: {', '.join(kinds)}",
        "hint": f"right.{kinds[0]}",
        "kind": kinds,
        **fields,
        **(ways if ways["mechanisms"] else {}),
        **({"deadline": within} if within else {}),
    }


@reader
def _children(read: Read) -> Iterator[Fields]:
    if not read.has(r"child(?:ren)?|minors?|under (?:the age of )?(?:1[0-9]|thirteen|sixteen|eighteen)"):
        return
    age = re.search(
        r"\b(?:under|age of|younger than|below|least)\s+(?:the age of\s+)?(\d{1,2}|thirteen|sixteen|eighteen)\b",
        read.words,
    )
    number = {"thirteen": "13", "sixteen": "16", "eighteen": "18"}.get(age[1], age[1]) if age else None
    audience = {"scope": {"audiences": [f"children_under_{number}" if number else "children"]}}
    refuses = read.denies(
        r"(?:knowingly |intentionally )?(?:collect|solicit|gather|request|target|direct|intend)\w*"
    ) or read.has(r"not (?:directed|intended|targeted|aimed|designed)")
    kind: Fields = (
        {"type": "commitment", "operations": ["collect"], "modality": "does_not"} if refuses else {"type": "assurance"}
    )
    yield {
        **kind,
        "title": f"Children{f' under {number}' if number else ''}",
        "hint": "children.rule",
        "data": ["user.childrens"],
        **audience,
    }


_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")


_PHONE = re.compile(
    r"(?:\+\d[\d .()-]{6,18}\d|\(\d{3}\)\s?\d{3}[- .]\d{4}|\b\d{3}[-.]\d{3}[-.]\d{4}|1-8\d\d-[\d-]{7,8})"
)


@reader
def _reaching(read: Read) -> Iterator[Fields]:
    mail, phone = _MAIL.search(read.words), _PHONE.search(read.words)
    asked = read.has(
        r"(?:contact|reach|write to|e-?mail|call) (?:us|our|me|the|stamps)[^.]{0,80}(?:at|:)|data protection officer|mailing address|mail(?:ed)? to"
    )
    if (
        not (mail or phone)
        and not (asked and read.words.endswith(":"))
        and not (asked and re.search(r"\d{4}", read.words))
    ):
        return
    channels: list[Fields] = [
        {"kind": name, "value": hit[0]} for name, hit in (("email", mail), ("phone", phone)) if hit
    ]
    if asked and re.search(
        r"\b[a-z]{2},? \d{5}(?:-\d{4})?\b|\b(?:street|avenue|ave|road|blvd|p\.?o\.? box)\b", read.words
    ):
        channels.append({"kind": "post"})
    yield {
        "type": "contact",
        "title": "Where to turn to",
        "hint": "contact.office",
        **({"channels": channels} if channels else {}),
    }
