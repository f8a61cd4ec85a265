"""Every wording that any version had, each once: where a reader finds in which texts a word stood, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from policytrail.model.version import Version
from policytrail.render.shared.markdown import to_text
from policytrail.render.state.site_view import SiteView

_Key = tuple[str, str, str]


@dataclass(frozen=True)
class Span:
    """Versions in a row that say it alike. `until`: the first day on which the text in force said it no more, if any."""

    first: Version
    last: Version
    until: date | None


@dataclass(frozen=True)
class Wording:
    """One passage as it stood in some versions: the clause's id, its title, its plain text, when, the newest time first."""

    clause: str
    title: str
    text: str
    spans: tuple[Span, ...]


def wordings(view: SiteView) -> tuple[Wording, ...]:
    """Every wording of what is, was or will be in force, in the order of the newest version that has it."""
    shown = (*view.took_effect, *(state.version for state in view.pending))
    spans = _spans(view, shown)
    order = dict.fromkeys(key for version in reversed(shown) for key in _keys(version))
    return tuple(Wording(*key[:2], to_text(key[2]), tuple(reversed(spans[key]))) for key in order)


def _spans(view: SiteView, shown: tuple[Version, ...]) -> dict[_Key, list[Span]]:
    found: dict[_Key, list[Span]] = {}
    before: Version | None = None
    for version in shown:
        for key in _keys(version):
            made = found.setdefault(key, [])
            if made and made[-1].last is before:
                made[-1] = Span(made[-1].first, version, view.until(version))
            else:
                made.append(Span(version, version, view.until(version)))
        before = version
    return found


def _keys(version: Version) -> list[_Key]:
    return [(clause.id, clause.title, clause.text) for clause in version.snapshot.clauses.values()]
