"""How a day is written in a plain text."""

from __future__ import annotations

import re

from policytrail.model.dates import MONTHS

_FOREIGN = (
    "januar jänner februar märz april mai juni juli august september oktober november dezember janvier février mars "
    "avril juin juillet août septembre octobre novembre décembre enero febrero marzo abril mayo junio julio agosto "
    "septiembre octubre noviembre diciembre gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre "
    "janeiro fevereiro março maio junho julho setembro outubro novembro dezembro januari februari maart mei "
    "augustus december maj marts "
).split()
_MONTH = "|".join([*MONTHS, *_FOREIGN, *(month[:3] for month in MONTHS), "Sept"])
DATE = re.compile(
    rf"(?:(?:\b(?:{_MONTH})\b\.?,?[\s-]*)?[0-9]{{1,2}}(?:st|nd|rd|th|er|\.|º)?,?[\s-]+(?:of\s+|de\s+)?(?:\b(?:{_MONTH})\b\.?,?[\s-]*)?(?:de[l]?\s+)?(?:19|20)[0-9]{{2}}"
    rf"|(?:19|20)[0-9]{{2}}\s?年\s?[0-9]{{1,2}}\s?月(?:\s?[0-9]{{1,2}}\s?日)?|(?:19|20)[0-9]{{2}}년\s?[0-9]{{1,2}}월(?:\s?[0-9]{{1,2}}일)?"
    rf"|\b(?:{_MONTH})\b\.?,?[\s-]+(?:[0-9]{{1,2}}(?:st|nd|rd|th)?,?\s+)?(?:19|20)[0-9]{{2}}"
    rf"|(?:19|20)[0-9]{{2}}[-./][0-9]{{1,2}}[-./][0-9]{{1,2}}|[0-9]{{1,2}}[-./][0-9]{{1,2}}[-./](?:19|20)?[0-9]{{2}}\b"
    rf"|\b[0-9]{{1,2}}\s+(?:{_MONTH})\b\.?)",
    re.IGNORECASE,
)
