"""What a practice says, in parts that can be put together: a main clause, what hangs on it, and sentences after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from .grammar import MOST_WORDS, count_words, fitting, sentence

_FRONT = ("trigger",)
QUIET = frozenset({"personal", "lists", "informational", "exception_to", "modality", "actor"})


@dataclass(frozen=True)
class Saying:
    """`core`: the main clause ("we share your name"); `adjuncts`: by field, what hangs on it, in reading order ("with
    insurers"); `tails`: by field, whole sentences that follow. `was`: the main clause of the past ("we shared it"), empty
    where there is none. `again`: how the clause is taken up ("we do this"). `context`: fields without which a change of
    another field isn't understood. `quiet`: fields whose tails are told only when they change.
    """

    core: str
    adjuncts: Mapping[str, str] = field(default_factory=dict)
    tails: Mapping[str, str] = field(default_factory=dict)
    was: str = ""
    again: str = "we do this"
    context: frozenset[str] = frozenset()
    quiet: frozenset[str] = QUIET

    def only(self, *fields: str) -> Saying:
        """The same with only the context and these fields."""
        kept = self.context | set(fields)
        adjuncts = {name: text for name, text in self.adjuncts.items() if name in kept}
        return replace(
            self, adjuncts=adjuncts, tails={name: text for name, text in self.tails.items() if name in fields}
        )

    def without(self, *fields: str) -> Saying:
        """The same without these fields."""
        adjuncts = {name: text for name, text in self.adjuncts.items() if name not in fields}
        return replace(
            self, adjuncts=adjuncts, tails={name: text for name, text in self.tails.items() if name not in fields}
        )

    def clause(self, *last: str) -> str:
        """The main clause with all that hangs on it, in small letters and without a full stop; `last` at its end."""
        front = [text for name, text in self.adjuncts.items() if name in _FRONT]
        behind = [self._behind(name, text) for name, text in self.adjuncts.items() if name not in _FRONT]
        said = " ".join(filter(None, [self.core, *behind, *last]))
        return f"{' or '.join(front)}, {said}" if front else said

    def _behind(self, name: str, text: str) -> str:
        """Training models is one more purpose."""
        return f"and {text}" if name == "ai_training" and self.adjuncts.get("purposes", "").startswith("to ") else text

    def sentences(self, lead: str = "") -> list[str]:
        """Whole sentences of at most 25 words where the words allow it, `lead` before the first ("New: ")."""
        main, rest = _short(self)
        first = f"{lead}{sentence(main)}"
        later = [sentence(f"{self.again} {text}") for text in rest]
        return [first, *later, *(text for name, text in self.tails.items() if name not in self.quiet)]

    def told(self, lead: str = "") -> str:
        """All of it, as far as one item may go."""
        return fitting(self.sentences(lead))


def _short(saying: Saying) -> tuple[str, list[str]]:
    """The clause with as many of its parts as fit a sentence, and the parts that don't."""
    kept = saying
    left: list[str] = []
    for name in reversed(list(saying.adjuncts)):
        if count_words(kept.clause()) <= MOST_WORDS or name in _FRONT:
            continue
        left.insert(0, saying.adjuncts[name])
        kept = kept.without(name)
        kept = replace(kept, tails=saying.tails)
    return kept.clause(), left


def said_all(parts: Sequence[Saying]) -> str:
    """Several sayings, one after another, as far as one item may go."""
    return fitting([text for part in parts for text in part.sentences()])
