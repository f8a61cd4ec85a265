"""Files that browsers and others look for at fixed addresses, where the policy declares the practice."""

from __future__ import annotations

import json

from policytrail.model.practice import Signal
from policytrail.model.version import Version


def well_known(version: Version) -> dict[str, bytes]:
    """Every such file by its path. `gpc.json` says that Global Privacy Control is honoured (the GPC specification)."""
    signals = [each for each in version.snapshot.practices.values() if isinstance(each, Signal) and each.name == "gpc"]
    if not signals or any(each.response == "varies" for each in signals):
        return {}
    honoured = all(each.response == "honoured" for each in signals)
    content = {"gpc": honoured, "lastUpdate": version.effective.isoformat()}
    return {".well-known/gpc.json": (json.dumps(content) + "\n").encode()}
