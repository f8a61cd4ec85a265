"""Trackers of any technology, and how browser signals are answered."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .registry import Fields, Read, reader, who

OUT = r"opt(?:ing)?[- ]?out|unsubscribe|(?:turn|switch)(?:ing)? off|disable|do not (?:want|wish) to receive|not be shared|withdraw\w* (?:your )?consent"
TRACKERS = r"cookies?|web beacons?|pixels?(?: tags?)?|clear gifs?|local storage|flash cookies|tracking technolog(?:y|ies)|widgets?|sdks?"


_TECHNOLOGY = (
    ("cookie", r"cookies?"),
    ("web_beacon", r"web beacons?"),
    ("pixel", r"pixels?(?: tags?)?"),
    ("clear_gif", r"clear gifs?"),
    ("local_storage", r"local storage"),
    ("widget", r"widgets?"),
    ("sdk", r"sdks?"),
    ("javascript", r"javascript"),
)


@reader
def _tracking(read: Read) -> Iterator[Fields]:
    if (
        not read.has(TRACKERS)
        or read.has(OUT)
        or not read.has(r"(?:use|set|place|record|collect|store|track|employ|are used|receive|is given|tie)\w*")
    ):
        return
    if read.has(
        r"\b(?:is|are) (?:a |an )?(?:small|tiny|text|files?|electronic|transparent|pieces?)\b|if you (?:turn|disable|reject)|you (?:can|may) (?:set|turn|disable|delete|refuse|block)"
    ):
        return
    kinds = [name for name, words in _TECHNOLOGY if read.has(words)] or ["tracking_technology"]
    by = {"set_by": "third_party"} if read.has(r"third[- ]party|third parties|partners?|advertisers?") else {}
    untied = {"linkage": "not_tied", "modality": "does_not"} if read.has(r"not (?:tied|linked|connected)") else {}
    if read.has(r"(?:no|not have) (?:any )?(?:access|control)"):
        untied = {"modality": "unable"}
    whose = {"recipients": who(read)} if read.recipients else {}
    yield {
        "type": "cookie",
        "title": f"Tracking: {', '.join(kind.replace('_', ' ') for kind in kinds)}",
        "hint": f"tracking.{kinds[0]}",
        **read.common,
        "technology": kinds,
        **by,
        **whose,
        **({"aggregated": True} if read.has("aggregated?") else {}),
        **untied,
    }


@reader
def _answering_signals(read: Read) -> Iterator[Fields]:
    for name, words in (("dnt", r'"?do[- ]not[- ]track"?|dnt'), ("gpc", r"global privacy control|gpc")):
        if read.has(words) or re.search(r"[\"\u201c]do not track", read.words):
            refuses = read.denies(r"recogni[sz]e|respond|honou?r|support|change")
            answer = (
                "not_honoured"
                if refuses
                else "honoured"
                if read.has(r"honou?rs?|recogni[sz]es?|responds? to")
                else "varies"
            )
            yield {
                "type": "signal",
                "title": "Browser signals",
                "hint": f"signal.{name}",
                "name": name,
                "response": answer,
            }
            return
