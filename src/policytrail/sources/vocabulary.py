"""The default vocabulary (fideslang) and a policy's own keys and labels on top of it."""

import json
from functools import cache
from typing import Any

from policytrail.model.policy import RegisteredRecipient
from policytrail.model.practice_fields import Key, Plain
from policytrail.model.terms.taxonomy import FILE, names
from policytrail.model.terms.vocabulary import KINDS, Term, Vocabulary, self_and_parents
from policytrail.model.validation.record import Part

# Where law or regulators treat a category as sensitive (FTC 1Health 2023, COPPA, state privacy laws): an addition
# of one of these anywhere is raised to material.
SENSITIVE = frozenset(
    {
        "user.authorization",
        "user.biometric",
        "user.childrens",
        "user.content.private",
        "user.criminal_history",
        "user.demographic.political_opinion",
        "user.demographic.race_ethnicity",
        "user.demographic.religious_belief",
        "user.demographic.sexual_orientation",
        "user.financial",
        "user.government_id",
        "user.health_and_medical",
        "user.location.precise",
        "user.payment",
    }
)


class OwnTerm(Part):
    """A key that the policy adds or relabels."""

    key: Key  #: A key below one that exists, or one that exists and gets another label.
    label: Plain  #: The plain words for it in the text.
    sensitive: bool | None = None  #: Whether adding it anywhere is material; without it, as its parent is.


class OwnVocabulary(Part):
    """What `policy/vocabulary.yaml` says."""

    data: tuple[OwnTerm, ...] = ()  #: Categories of data.
    purposes: tuple[OwnTerm, ...] = ()  #: Purposes.
    subjects: tuple[OwnTerm, ...] = ()  #: Groups of people.


@cache
def default_vocabulary() -> Vocabulary:
    """fideslang's data categories, uses and subjects with their names in lower case."""
    terms = {
        kind: {key: Term(key, name, key in SENSITIVE) for key, name in listed.items()}
        for kind, listed in names().items()
    }
    return Vocabulary({**terms, "recipients": {}})


def taxonomy() -> dict[str, dict[str, str]]:
    """What taxonomy.json holds, from the installed fideslang: keys and names by kind. Needs the package fideslang.

    Reading the file takes a millisecond, importing fideslang a tenth of a second; a test tells when the file is stale.
    Renew it with `python -m policytrail.sources.vocabulary`.
    """
    from fideslang.default_taxonomy import DEFAULT_TAXONOMY  # installed for development only

    kinds: dict[str, Any] = {
        "data": DEFAULT_TAXONOMY.data_category,
        "purposes": DEFAULT_TAXONOMY.data_use,
        "subjects": DEFAULT_TAXONOMY.data_subject,
    }
    return {
        kind: dict(sorted((entry.fides_key, (entry.name or entry.fides_key).lower()) for entry in entries))
        for kind, entries in kinds.items()
    }


def extended(own: OwnVocabulary, recipients: dict[str, RegisteredRecipient]) -> Vocabulary:
    """The default vocabulary with the policy's own terms and recipients on top."""
    base = default_vocabulary()
    terms = {kind: dict(base.terms[kind]) for kind in KINDS}
    for kind in ("data", "purposes", "subjects"):
        for term in getattr(own, kind):
            sensitive = base.is_sensitive(term.key) if term.sensitive is None else term.sensitive
            terms[kind][term.key] = Term(term.key, term.label, sensitive)
    terms["recipients"] = {recipient.id: Term(recipient.id, recipient.label) for recipient in recipients.values()}
    return Vocabulary(terms)


def orphans(own: OwnVocabulary) -> list[tuple[str, int, str]]:
    """Own data and purpose keys that hang below no key that exists: (kind, place in the list, key)."""
    base = default_vocabulary()
    found = []
    for kind in ("data", "purposes"):
        listed = [term.key for term in getattr(own, kind)]
        for place, key in enumerate(listed):
            parents = list(self_and_parents(key))[1:]
            known = base.knows(kind, key) or any(base.knows(kind, parent) or parent in listed for parent in parents)
            if not known:
                found.append((kind, place, key))
    return found


if __name__ == "__main__":
    written = json.dumps(taxonomy(), ensure_ascii=False, indent=1)
    FILE.write_text(written + "\n", encoding="utf-8")
