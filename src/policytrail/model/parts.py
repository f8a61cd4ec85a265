"""The small values that practices are made of: keys and words with their form, recipients, ways, periods, channels."""

import re
from typing import Annotated, Literal

from .forms import Range, Text
from .part import Part

PRACTICE_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
PracticeId = Annotated[str, Text(PRACTICE_ID.pattern, max_length=120)]
Key = Annotated[str, Text(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*", max_length=120)]
Word = Annotated[str, Text(r"[a-z0-9][a-z0-9_:.-]*", max_length=80)]
Plain = Annotated[str, Text(min_length=1, max_length=400)]
Url = Annotated[str, Text(r"((https://|mailto:|tel:|#)\S*|/([^/\\\s]\S*)?)", max_length=500)]
Unstated = Literal["unstated"]
YesNo = bool | Unstated

Modality = Literal["does", "will", "may", "does_not", "will_not", "prohibited", "unable"]
Hedge = Literal["none", "generally", "certain", "as_appropriate", "reasonable"]


class Recipient(Part):
    """Who gets data: a key of the recipient registry, what they may do with it, and how they are described."""

    id: Key
    kind: Literal["category", "named", "example"] = "category"
    role: Literal["processor", "own_purposes", "authority", "acquirer", "public"] | Unstated = "unstated"
    qualifier: Word | None = None
    affiliate: YesNo | None = None


class Mechanism(Part):
    """One way to use a choice or right."""

    kind: Word
    where: Plain | None = None
    url: Url | None = None


class Period(Part):
    """How long: so many units, or as long as something holds, in plain words ("your account is active")."""

    value: Annotated[int, Range(0, 10_000)] | None = None
    unit: Literal["day", "month", "year"] | None = None
    until: tuple[Plain, ...] = ()


class Channel(Part):
    """One way in which a notice is given, or a person is reached."""

    kind: Word
    value: Plain | None = None
    places: tuple[Word, ...] = ()
    for_whole_window: bool = False


class Channels(Part):
    """Any one of these channels is enough, or all of them are needed."""

    any_of: tuple[Channel, ...] = ()
    all_of: tuple[Channel, ...] = ()


class Trigger(Part):
    """What sets a promise of notice off: a severity with its scope, or an event."""

    severity: Literal["material", "any"] | None = None
    event: Word | None = None
    scope: tuple[Word, ...] = ()


class Scope(Part):
    """Where a practice holds; an empty tuple says nothing."""

    products: tuple[Word, ...] = ()
    channels: tuple[Word, ...] = ()
    audiences: tuple[Word, ...] = ()
    jurisdictions: tuple[Word, ...] = ()
