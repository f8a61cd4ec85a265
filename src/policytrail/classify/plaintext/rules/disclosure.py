"""Who gets data, promises about it, sale, and transfers."""

from __future__ import annotations

import re

from policytrail.classify.plaintext.changed_passage import (
    BROADENS,
    NARROWS,
    NEGATED,
    NEUTRAL,
    M,
    R,
    Reading,
    Verdict,
    listed,
    rule,
)
from policytrail.classify.plaintext.concepts import ACTS, PROMISES, concepts
from policytrail.classify.plaintext.proofs.contact import COUNTRIES
from policytrail.classify.wording_checks.strength_words import force_cues
from policytrail.text.alignment import steps

_SHARING = re.compile(
    r"\b(?:shar|disclos|provid|transfer|sell|sold|receiv|access|send|sent|collect|process|use|work|engag)\w*"
)
_LIMIT = re.compile(r"\b(?:only|solely|exclusively|never|strictly)\b")
_FRAMEWORKS = re.compile(
    r"\b(?:swiss u ?s|eu u ?s|privacy shield|data privacy framework|dpf|standard (?:contractual|contract|data protection) clauses|sccs?|"
    r"model clauses|binding corporate rules|bcrs?|safe harbou?r|uk extension|cbpr|"
    r"apec|truste|trustarc)\b"
)
_LOST = (
    "'not' removed",
    "'never' removed",
    "'only' removed",
    "'solely' removed",
    "'cannot' removed",
    "'unless' removed",
    "'without' removed",
)
_HOLDS = re.compile(
    r"\b(?:participat\w*|compl(?:y|ies|iant)|certif\w*|adher\w*|member|under|rely|relies|pursuant|based on|part of|committed|follow)\b"
)
_ANY_DATA = re.compile(r"\b(?:information|data)\b")
_GOING = re.compile(
    r"\b(?:transfer\w*|stor(?:e|ed|age)|process\w*|located|hosted|servers?|export\w*|countr(?:y|ies))\b"
)


@rule
def recipient(reading: Reading) -> Verdict | None:
    """A category of recipients, or a named one, gets data (FTC 1Health 2023; Regulation P 1016.8)."""
    names = reading.names(reading.came, "recipient")
    if not names or not (_SHARING.search(reading.new) or _SHARING.search(reading.around)):
        return None
    unknown = [name for name in names if not reading.before.names(("recipient", name))]
    if reading.practice and (unknown or reading.op == "changed"):
        return Verdict("recipient.category", BROADENS, M, listed(unknown or names))
    return Verdict("recipient.named", NEUTRAL, R, listed(names))


@rule
def sale(reading: Reading) -> Verdict | None:
    """Selling starts to be said, or a promise not to sell goes (CCPA 1798.120)."""
    came, went = reading.names(reading.came, "other:sale"), reading.names(reading.went, "other:sale")
    if came and not NEGATED.search(reading.new) and not reading.log:
        return Verdict("disclosure.sale", BROADENS, M, "sale")
    said = reading.names(concepts(reading.old) & concepts(reading.new), "other:sale")
    if said and NEGATED.search(reading.old) and not NEGATED.search(reading.new):
        return Verdict("disclosure.sale", BROADENS, M, "a promise not to sell went")
    if went and NEGATED.search(reading.old):
        return Verdict("disclosure.rule", BROADENS, M, "a promise on sale went")
    return Verdict("disclosure.sale", NEUTRAL, R, "sale") if came or went else None


@rule
def promise(reading: Reading) -> Verdict | None:
    """A promise, limit or protection went (FTC Deception Statement 1983; Gateway 2004)."""
    if reading.op == "removed" and not reading.log:
        bound = NEGATED.search(reading.old) or _LIMIT.search(reading.old)
        about = concepts(reading.old) or _ANY_DATA.search(reading.old)
        kept = bound and ACTS.search(reading.old) and PROMISES.search(reading.old) and about
        return Verdict("disclosure.rule", BROADENS, M, bound.group()) if kept and bound else None
    if reading.op != "changed":
        return None
    cues = force_cues(reading.old, reading.new)
    lost = [cue for cue in cues if cue in _LOST and cue.replace("removed", "added") not in cues]
    swapped = NEGATED.search(reading.new) and not any("'not'" in each for each in lost)
    return (
        Verdict("wording.force", BROADENS, M, "; ".join(lost))
        if lost and not swapped and ACTS.search(reading.old)
        else None
    )


@rule
def restraint(reading: Reading) -> Verdict | None:
    """A promise, limit or protection came."""
    cues = force_cues(reading.old, reading.new)
    gained = [cue for cue in cues if cue in ("'not' added", "'never' added", "'only' added", "'solely' added")]
    return Verdict("disclosure.rule", NARROWS, R, "; ".join(gained)) if gained and ACTS.search(reading.new) else None


@rule
def framework(reading: Reading) -> Verdict | None:
    """A mechanism or framework for transfers comes, goes or is another (WP260 para 30; FTC cases on false seals)."""
    sides = [set(_FRAMEWORKS.findall(side)) for side in (reading.old, reading.new)]
    differing = sorted(sides[0] ^ sides[1])
    if reading.log:
        return None
    if not differing:
        return _narrower_seal(reading) if sides[1] else None
    went = sides[0] - sides[1]
    if went and reading.op == "removed" and not _HOLDS.search(reading.old):
        return Verdict("program.seal", NEUTRAL, R, listed(differing))
    return Verdict("program.seal" if went else "transfer", BROADENS if went else NEUTRAL, M, listed(differing))


def _narrower_seal(reading: Reading) -> Verdict | None:
    """The same framework holds for fewer places than before."""
    one, two = ({place.casefold() for place in COUNTRIES.findall(side)} for side in (reading.old, reading.new))
    lost = sorted(one - two)
    if reading.op != "changed" or not lost or two - one or not _HOLDS.search(reading.old):
        return None
    return Verdict("program.seal", BROADENS, M, "no longer for " + listed(lost))


@rule
def exception(reading: Reading) -> Verdict | None:
    """A promise not to do something gets one exception more (the same by the back door)."""
    if reading.op != "changed" or not NEGATED.search(reading.old) or not ACTS.search(reading.old):
        return None
    old, new = reading.old.split(), reading.new.split()
    changed = [step for step in steps(old, new) if not step.same]
    gained = [word for step in changed for word in new[step.j1 : step.j2]]
    only_gained = all(step.i1 == step.i2 for step in changed) and gained
    first = min((place for place, word in enumerate(new) if word in ("unless", "except")), default=len(new))
    if (
        not only_gained
        or min(step.j1 for step in changed) < first
        or not {"or", "and", "unless", "except"} & set(gained)
    ):
        return None
    return Verdict("disclosure.exception", BROADENS, M, " ".join(gained[:12]))


@rule
def transfer(reading: Reading) -> Verdict | None:
    """Data goes to another country, or its transfer is told otherwise (WP260 para 30)."""
    sides = [{each.casefold() for each in COUNTRIES.findall(side)} for side in (reading.old, reading.new)]
    came = sorted(sides[1] - sides[0])
    moved = reading.names(reading.came | reading.went, "other:transfer")
    if came and _GOING.search(reading.new) and reading.practice:
        return Verdict("transfer", BROADENS, M, listed(came))
    return Verdict("transfer", NEUTRAL, R, listed(came) or "transfer") if moved else None
