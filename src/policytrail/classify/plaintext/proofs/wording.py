"""Proofs inside the policy's own text: headings, references to sections, the "and" of a list, common slips of the pen."""

from __future__ import annotations

import re
from functools import cached_property

from policytrail.classify.plaintext.plain_words import is_item, plain, plain_words
from policytrail.classify.plaintext.sentence_context import scope_of
from policytrail.classify.wording_checks.carriers import carriers
from policytrail.classify.wording_checks.strength_words import Proof, same_but
from policytrail.classify.wording_checks.words import folded
from policytrail.compare.sections import TextClause
from policytrail.text.alignment import steps

# Words that a heading may swap while the text below it stays: they name the subject, and limit it to nobody.
_HEADING = frozenset(
    "how what why when who whom where which do does is are we our us you your the a an and of to for in on with about by "
    "information data personal privacy policy notice statement details questions overview introduction summary more general "
    "further this that it other explained section part as subject additional".split()
)
# What a heading says is done with the entries below it: it may take another word for that, but no other act.
_HEADED = {
    word: act
    for act, words in {
        "collect": "collect collects collection collected collecting gather gathers obtain receive receives",
        "use": "use uses using used process processes processing processed",
        "share": "share shares sharing shared disclose discloses disclosure disclosures disclosing disclosed",
        "keep": "store stores storing stored keep keeps keeping kept retain retains retention",
        "protect": "protect protects protection security secure safe safeguard",
        "change": "changes updates change update amendments",
        "contact": "contact contacting reach",
        "rights": "rights right choices choice control controls controlling manage managing access",
    }.items()
    for word in words.split()
}
_SLIPS = {
    "recieve": "receive",
    "recieved": "received",
    "seperate": "separate",
    "seperately": "separately",
    "occured": "occurred",
    "occurence": "occurrence",
    "neccessary": "necessary",
    "necesary": "necessary",
    "accomodate": "accommodate",
    "adress": "address",
    "adresses": "addresses",
    "acknowlege": "acknowledge",
    "agrement": "agreement",
    "applicaton": "application",
    "availible": "available",
    "catagories": "categories",
    "catagory": "category",
    "comunication": "communication",
    "comunications": "communications",
    "consistant": "consistent",
    "enviroment": "environment",
    "explaination": "explanation",
    "goverment": "government",
    "infomation": "information",
    "informations": "information",
    "informaton": "information",
    "maintainance": "maintenance",
    "perfomance": "performance",
    "personel": "personal",
    "priviledge": "privilege",
    "privicy": "privacy",
    "proccess": "process",
    "proccessing": "processing",
    "recomend": "recommend",
    "refered": "referred",
    "relevent": "relevant",
    "reponsible": "responsible",
    "sucessful": "successful",
    "teh": "the",
    "thier": "their",
    "transfered": "transferred",
    "transfering": "transferring",
    "untill": "until",
    "usefull": "useful",
    "wich": "which",
    "wether": "whether",
    "identifer": "identifier",
    "identifers": "identifiers",
    "anonimized": "anonymized",
    "persue": "pursue",
    "refering": "referring",
    "preferance": "preference",
    "responsibilty": "responsibility",
}
_WORD = re.compile(r"[a-z]+")
_LAST_AND = re.compile(r"[,;]?\s*\band\s*[,;.]?\s*$", re.IGNORECASE)
_ANCHOR = re.compile(r"\[([^\]]{3,140})\]\([^)\s]*#[^)\s]*\)")
_POINTER = frozenset("see section sections clause paragraph chapter part under described".split())


def headings(old: str, new: str) -> Proof | None:
    """A heading is worded otherwise while the text below it is equal: it names the same act, and limits it to nobody.

    One side may be empty: a heading that names no act came or went.
    """
    gone, come = _differing(old, new)
    acts = [{_HEADED[word] for word in plain_words(side) if word in _HEADED} for side in (old, new)]
    known = all(word in _HEADING or word in _HEADED for word in (*gone, *come))
    said = [[each[:2] for each in carriers(side) if each.kind not in ("border", "force")] for side in (old, new)]
    if not (gone or come) or not known or said[0] != said[1]:
        return None
    if acts[0] == acts[1] and scope_of((plain(old),)) == scope_of((plain(new),)):
        return Proof("structure", "only a heading is worded otherwise; the text below it is equal")
    return None


def conjunction(old: str, new: str) -> Proof | None:
    """The "and" before the last entry of a list moves as entries do; the entry says the same."""
    if not (is_item(old) and is_item(new)):
        return None
    rests = [_LAST_AND.sub("", side) for side in (old, new)]
    if rests != [old, new] and same_but(*rests):
        return Proof("typography", "only the conjunction at the end of a list's entry differs")
    return None


def slips(old: str, new: str) -> Proof | None:
    """A word that no dictionary has became the word that it was meant to be, or "a" and "an" changed places."""
    one, two = (_WORD.sub(_meant, folded(side)) for side in (old, new))
    return Proof("typography", "only a misspelt word was put right") if same_but(one, two) else None


def _meant(word: re.Match[str]) -> str:
    return "a" if word[0] == "an" else _SLIPS.get(word[0], word[0])


class References:
    """References inside the document: "see section 5" became "see section 6" because the section did."""

    def __init__(self, old: tuple[TextClause, ...], new: tuple[TextClause, ...]) -> None:
        self._clauses = old, new

    @cached_property
    def _names(self) -> list[dict[str, str]]:
        """For each side: the number of a section, or its whole title, with its title without the number."""
        sides = []
        for clauses in self._clauses:
            named = {" ".join(plain_words(clause.title)): clause.name for clause in clauses if clause.title}
            for clause in clauses:
                number = re.match(r"\W*([0-9]{1,2}(?:\.[0-9]{1,2})*|[ivx]+)\b", clause.title, re.IGNORECASE)
                if number:
                    named.setdefault(number[1].replace(".", " ").casefold(), clause.name)
            sides.append(named)
        return sides

    def proof(self, old: str, new: str) -> Proof | None:
        """Every difference is a reference to a section of this document, and leads to the same one."""
        one, two = plain_words(old), plain_words(new)
        changed = [step for step in steps(one, two) if not step.same]
        if not changed or not all(_POINTER & set(one[max(0, each.i1 - 4) : each.i1 + 2]) for each in changed):
            return None
        anchors = {" ".join(plain_words(text)) for text in _ANCHOR.findall(new)}
        names = [self._named(one[each.i1 : each.i2], two[each.j1 : each.j2], anchors) for each in changed]
        return Proof("structure", "only a reference to a section of this document differs") if all(names) else None

    def _named(self, gone: tuple[str, ...], come: tuple[str, ...], anchors: set[str]) -> bool:
        before, after = self._names
        if not gone:  # the page had lost the name of the section
            return len(come) > 1 and (" ".join(come) in after or " ".join(come) in anchors)
        first, second = before.get(" ".join(gone)), after.get(" ".join(come))
        return first is not None and first == second


def _differing(old: str, new: str) -> tuple[list[str], list[str]]:
    one, two = plain_words(old), plain_words(new)
    changed = [step for step in steps(one, two) if not step.same]
    return [word for each in changed for word in one[each.i1 : each.i2]], [
        word for each in changed for word in two[each.j1 : each.j2]
    ]
