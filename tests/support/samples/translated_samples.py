"""The sample site with its pending version in two other languages: French, partly behind; Arabic, which isn't spoken."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import render_samples as samples

from policytrail.model.policy import Snapshot
from policytrail.model.translations.translation import TranslatedClause, Translation
from policytrail.render.site.site_files import SiteView
from policytrail.sources.load import load_draft

FRENCH_WORDS = {
    "Larkspur Mail privacy policy": "Politique de confidentialité de Larkspur Mail",
    "What we collect": "Ce que nous recueillons",
    "Data you give when you register": "Données que vous donnez à l'inscription",
    "phone number": "numéro de téléphone",
    "This is sample text for tests. It binds nobody.": "Texte d'exemple. Il n'engage personne.",
}


def translated(snapshot: Snapshot) -> Snapshot:
    """The snapshot with both languages."""

    def clause(identity: str, title: str, text: str, of: str = "") -> TranslatedClause:
        return TranslatedClause(of=of or snapshot.clauses[identity].digest, title=title, text=text)

    french = Translation(
        language="fr",
        name="Français",
        words=FRENCH_WORDS,
        clauses={
            "scope/covers": clause("scope/covers", "Champ d'application", "Cette politique couvre **vos** données."),
            "collection/registration": clause(
                "collection/registration", "Inscription", "Nous demandons votre nom.", "0" * 16
            ),
        },
    )
    arabic = Translation(
        language="ar",
        name="العربية",
        words={"What we collect": "ما نجمعه"},
        clauses={
            "scope/covers": clause("scope/covers", "النطاق", "تشمل هذه السياسة معلوماتك الشخصية."),
        },
    )
    return replace(snapshot, translations={"fr": french, "ar": arabic})


def view(base: SiteView | None = None) -> SiteView:
    """The sample view, its pending version translated."""
    found = base or samples.view()
    old = next(each for each in found.versions if each.id == samples.THIRD)
    new = replace(old, snapshot=translated(old.snapshot))
    versions = tuple(new if each is old else each for each in found.versions)
    pending = tuple(replace(each, version=new) if each.version is old else each for each in found.status.pending)
    return replace(found, versions=versions, status=replace(found.status, pending=pending))


WORDS = """\
name: Français
words:
  Privacy policy: Politique de confidentialité
  Sharing: Communication à des tiers
  email address: adresse électronique
  name: nom
"""
PROMISE = ("sharing/promise", "Notre promesse", "Nous ne vendons ni ne communiquons vos données, sauf ce qui suit.")
REGISTRATION = (
    "collection/registration",
    "Inscription",
    "À l'inscription, nous demandons : {{ practices.collection.registration.data | join(', ') }}.",
)


def digest(root: Path, clause: str) -> str:
    """What a translation of the clause as it is now must name."""
    return load_draft(root / "policy").clauses[clause].digest


def translate(root: Path, *clauses: tuple[str, str, str], language: str = "fr", words: str = WORDS) -> None:
    """Write translations of the clauses as they are now."""
    folder = root / "policy/translations" / language
    for name, title, text in clauses:
        path = folder / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\ntitle: {title}\nof: '{digest(root, name)}'\n---\n{text}\n")
    if words:
        (folder / "words.yaml").write_text(words)
