"""The default vocabulary (fideslang) and a policy's own keys and labels on top of it."""

from __future__ import annotations

from functools import cache

from ..model.policy import RegisteredRecipient
from ..model.practice import Key, Part, Plain
from ..model.vocabulary import KINDS, Term, Vocabulary, self_and_parents

# Where law or regulators treat a category as sensitive (FTC 1Health 2023, COPPA, state privacy laws): an addition
# of one of these anywhere is raised to material.
SENSITIVE = frozenset({
    "user.authorization", "user.biometric", "user.childrens", "user.content.private", "user.criminal_history",
    "user.demographic.political_opinion", "user.demographic.race_ethnicity", "user.demographic.religious_belief",
    "user.demographic.sexual_orientation", "user.financial", "user.government_id", "user.health_and_medical",
    "user.location.precise", "user.payment",
})  # fmt: skip


class OwnTerm(Part):
    """A key that the policy adds or relabels."""

    key: Key
    label: Plain
    sensitive: bool | None = None


class OwnVocabulary(Part):
    """What `policy/vocabulary.yaml` says."""

    data: tuple[OwnTerm, ...] = ()
    purposes: tuple[OwnTerm, ...] = ()
    subjects: tuple[OwnTerm, ...] = ()


@cache
def default_vocabulary() -> Vocabulary:
    """fideslang's data categories, uses and subjects with their names in lower case."""
    from fideslang.default_taxonomy import DEFAULT_TAXONOMY  # a tenth of a second: only when needed

    def terms(entries: object) -> dict[str, Term]:
        listed = [(each.fides_key, each.name or each.fides_key) for each in entries]  # type: ignore[attr-defined]
        return {key: Term(key, name.lower(), key in SENSITIVE) for key, name in sorted(listed)}

    return Vocabulary({
        "data": terms(DEFAULT_TAXONOMY.data_category),
        "purposes": terms(DEFAULT_TAXONOMY.data_use),
        "subjects": terms(DEFAULT_TAXONOMY.data_subject),
        "recipients": {},
    })  # fmt: skip


def extended(own: OwnVocabulary, recipients: dict[str, RegisteredRecipient]) -> Vocabulary:
    """The default vocabulary with the policy's own terms and recipients on top."""
    base = default_vocabulary()
    terms = {kind: dict(base.terms[kind]) for kind in KINDS}
    for kind in ("data", "purposes", "subjects"):
        for term in getattr(own, kind):
            sensitive = base.is_sensitive(term.key) if term.sensitive is None else term.sensitive
            terms[kind][term.key] = Term(term.key, term.label, sensitive)
    terms["recipients"] = {each.id: Term(each.id, each.label) for each in recipients.values()}
    return Vocabulary(terms)


def orphans(own: OwnVocabulary) -> list[tuple[str, int, str]]:
    """Own data and purpose keys that hang below no key that exists: (kind, place in the list, key)."""
    base = default_vocabulary()
    found = []
    for kind in ("data", "purposes"):
        listed = [term.key for term in getattr(own, kind)]
        for place, key in enumerate(listed):
            parents = list(self_and_parents(key))[1:]
            known = base.knows(kind, key) or any(base.knows(kind, each) or each in listed for each in parents)
            if not known:
                found.append((kind, place, key))
    return found
