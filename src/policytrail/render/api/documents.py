"""The site for machines: versions, one version in full, and what a banner needs. Absolute addresses throughout."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from policytrail.languages import ENGLISH, Catalogue, catalogue
from policytrail.model.json_value import Json
from policytrail.model.policy import Snapshot
from policytrail.model.translations.translation import direction
from policytrail.model.version import Version
from policytrail.render.notice.content import language
from policytrail.render.notice.subject import subject
from policytrail.render.shared.phrases import instant
from policytrail.render.state.site_view import SiteView, has_notice, was_announced
from policytrail.render.state.status_sentences import dates, phases
from policytrail.schedule.new_users import binds_new_users

from . import schema


def documents(view: SiteView) -> dict[str, Json]:
    """Every JSON document of the API by its path."""
    found: dict[str, Json] = {
        "api/v1/versions.json": _head(view, "versions") | {"versions": [summary(view, each) for each in view.versions]},
        "api/v1/notice.json": notice(view),
    }
    for version in view.versions:
        found[f"api/v1/versions/{version.id}.json"] = _head(view, "version") | full(view, version)
    return found | schema.schemas(view.policy.site_url)


def _head(view: SiteView, name: str) -> dict[str, Json]:
    policy = view.policy
    return {
        "$schema": schema.url(policy.site_url, name),
        "as_of": view.as_of.isoformat(),
        "title": policy.title,
        "organization": policy.organization.name,
        "site_url": policy.site_url,
        "time_zone": policy.time_zone,
        "language": policy.language,
    }


def moment(day: date, zone: ZoneInfo) -> dict[str, str]:
    """A local date with the instant at which it begins."""
    return {"date": day.isoformat(), "instant": instant(day, zone)}


def summary(view: SiteView, version: Version) -> dict[str, Json]:
    """One version in short."""
    zone, base = version.snapshot.policy.zone, f"{view.policy.site_url}versions/{version.id}/"
    until = view.until(version)
    urls = {"text": base, "data": f"{view.policy.site_url}api/v1/versions/{version.id}.json"}
    pages = {"changes": version.comparison.old is not None, "notice": has_notice(version)}
    return {
        "id": version.id,
        "state": view.state(version),
        "effective": moment(version.effective, zone),
        "until": moment(until, zone) if until else None,
        "announced": version.announced.isoformat() if was_announced(version) else None,
        "severity": str(version.severity),
        "consent": str(version.comparison.consent),
        "notice_days": version.comparison.notice_days,
        "manifest": version.manifest,
        "previous_manifest": version.previous_manifest,
        "reconstructed": version.reconstructed,
        "imported": dict(version.imported) if version.imported else None,
        "corrects": next((each.id for each in view.versions if each.manifest == version.corrects), None),
        "replaced_by": getattr(view.replaced_by(version), "id", None),
        "event": dict(version.event) if version.event else None,
        "in_words": list(dates(view, version)),
        "languages": {tag: f"{base}{tag}/" for tag in view.snapshot(version).translations},
        "urls": urls | {name: f"{base}{name}/" for name, there in pages.items() if there},
    }


def full(view: SiteView, version: Version) -> dict[str, Json]:
    """One version with its text, its practices, its changes and the records of its notice."""
    evidence = [{"kind": each.kind, "on": each.on.isoformat(), "digest": each.digest} for each in version.evidence]
    return (
        summary(view, version)
        | _content(version.snapshot)
        | {
            "comparison": version.comparison.to_json(),
            "duty": asdict(version.duty),
            "evidence": evidence,
        }
    )


def _content(snapshot: Snapshot) -> dict[str, Json]:
    return {
        "sections": [section.model_dump(mode="json", exclude_defaults=True) for section in snapshot.policy.sections],
        "clauses": [clause.model_dump(mode="json") for clause in snapshot.clauses.values()],
        "practices": [
            practice.model_dump(mode="json", exclude_defaults=True) | {"type": practice.type}
            for practice in snapshot.practices.values()
        ],
    }


def notice(view: SiteView) -> dict[str, Any]:
    """The current and every pending version with dates and instants: true also after the day, if nothing is rebuilt."""
    current = view.status.current
    pending = [
        summary(view, state.version)
        | {
            "subject": subject(state.version.comparison, state.version.effective),
            "earliest_effective": state.earliest_effective.isoformat(),
            "notice_complete": state.complete.isoformat() if state.complete else None,
        }
        for state in view.pending
    ]
    return _head(view, "notice") | {
        "current": summary(view, current) if current else None,
        "pending": pending,
        "withdrawn": [summary(view, version) for version in view.versions if view.state(version) == "withdrawn"],
        "sign_up": sign_up(view),
        "banner": [asdict(phase) for phase in phases(view)],
    }


def sign_up(view: SiteView) -> dict[str, Json] | None:
    """What to show a person who joins today: the text in force, every upcoming text with its date, and which one binds.

    One text is in force for everybody until the date, unless the policy says that an upcoming text binds new users at
    once (`new_users: at_signup`): then the next lawful one does.
    """
    current = view.status.current
    if current is None:
        return None
    upcoming = [state for state in view.pending if state.state != "blocked"]
    binds = binds_new_users(view.status) or current
    return {
        "show": [_to_show(view, current), *(_to_show(view, state.version) for state in upcoming)],
        "binds": binds.id,
        "two_texts_in_force": binds.id != current.id,
    }


def _to_show(view: SiteView, version: Version) -> dict[str, Json]:
    url = f"{view.policy.site_url}versions/{version.id}/"
    zone = version.snapshot.policy.zone
    return {"id": version.id, "effective": moment(version.effective, zone), "text": url, "manifest": version.manifest}


def banner_data(view: SiteView, words: Catalogue = ENGLISH, read_in: str = "") -> dict[str, Json]:
    """What `notice.js` carries in itself; `notice.LANG.js` the same for readers of another language."""
    policy = view.policy
    spoken = read_in or language(policy)
    return {
        "label": words.say("Notice about the privacy policy of {name}", name=policy.organization.name),
        "close": words.say("Close"),
        "language": spoken,
        "dir": direction(spoken),
        "version": view.next.version.id if view.next else None,
        "phases": [asdict(phase) for phase in phases(view, words, read_in)],
    }


def banners(view: SiteView) -> dict[str, dict[str, Json]]:
    """The banner's data by its file: one for everybody, one for each translation in a language that the product speaks."""
    told = [state.version for state in view.pending] or ([view.status.current] if view.status.current else [])
    found = {"notice.js": banner_data(view)}
    for tag in dict.fromkeys(tag for version in told for tag in view.snapshot(version).translations):
        words = catalogue(tag)
        found |= {f"notice.{tag}.js": banner_data(view, words, tag)} if words else {}
    return found
