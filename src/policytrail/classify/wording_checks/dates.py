"""How a day is written in a plain text."""

from __future__ import annotations

import re

from policytrail.model.dates import MONTHS

_MONTH = "|".join([*MONTHS, *(month[:3] for month in MONTHS), "Sept"])
DATE = re.compile(
    rf"(?:(?:\b(?:{_MONTH})\b\.?,?[\s-]*)?[0-9]{{1,2}}(?:st|nd|rd|th)?,?[\s-]+(?:of\s+)?(?:\b(?:{_MONTH})\b\.?,?[\s-]*)?(?:19|20)[0-9]{{2}}"
    rf"|\b(?:{_MONTH})\b\.?,?[\s-]+(?:[0-9]{{1,2}}(?:st|nd|rd|th)?,?\s+)?(?:19|20)[0-9]{{2}}"
    rf"|(?:19|20)[0-9]{{2}}[-./][0-9]{{1,2}}[-./][0-9]{{1,2}}|[0-9]{{1,2}}[-./][0-9]{{1,2}}[-./](?:19|20)?[0-9]{{2}}\b"
    rf"|\b[0-9]{{1,2}}\s+(?:{_MONTH})\b\.?)",
    re.IGNORECASE,
)
