"""Files that browsers and others look for at fixed addresses, where the policy declares the practice."""

from __future__ import annotations

import json

from policytrail.model.practice import Signal
from policytrail.model.version import Version


def well_known(version: Version) -> dict[str, bytes]:
    """Every such file by its path. `gpc.json` says that Global Privacy Control is honoured (the GPC specification)."""
    signals = [
        practice
        for practice in version.snapshot.practices.values()
        if isinstance(practice, Signal) and practice.name == "gpc"
    ]
    if not signals or any(signal.response == "varies" for signal in signals):
        return {}
    honoured = all(signal.response == "honoured" for signal in signals)
    content = {"gpc": honoured, "lastUpdate": version.effective.isoformat()}
    return {".well-known/gpc.json": (json.dumps(content) + "\n").encode()}
