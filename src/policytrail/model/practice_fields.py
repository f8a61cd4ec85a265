"""The small values that practices are made of: keys and words with their form, recipients, ways, periods, channels."""

import re
from typing import Annotated, Literal

from policytrail.model.validation.field_types import Range, Text
from policytrail.model.validation.record import Part

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

    id: Key  #: A key of the recipient registry.
    #: A kind of recipient, one by name, or an example of a kind.
    kind: Literal["category", "named", "example"] = "category"
    #: What they are: one who works for the company, or for themselves, an authority, a buyer of the company, the public.
    role: Literal["processor", "own_purposes", "authority", "acquirer", "public"] | Unstated = "unstated"
    qualifier: Word | None = None  #: What limits them, in a word, such as `selected`.
    affiliate: YesNo | None = None  #: Whether they belong to the same group of companies.


class Mechanism(Part):
    """One way to use a choice or right."""

    kind: Word  #: The way, in a word: `email`, `web_link`, `account_settings` and so on.
    where: Plain | None = None  #: Where to find it, in plain words.
    url: Url | None = None  #: Its address.


class Period(Part):
    """How long: so many units, or as long as something holds, in plain words ("your account is active")."""

    value: Annotated[int, Range(0, 10_000)] | None = None  #: How many units.
    unit: Literal["day", "month", "year"] | None = None  #: Which units.
    until: tuple[Plain, ...] = ()  #: As long as this holds, in plain words.


class Channel(Part):
    """One way in which a notice is given, or a person is reached."""

    kind: Word  #: The way, in a word: `email`, `site`, `post` and so on.
    value: Plain | None = None  #: Its address or number.
    places: tuple[Word, ...] = ()  #: Where on the site, or in which product.
    for_whole_window: bool = False  #: Whether it must be there for all of the time of the notice.


class Channels(Part):
    """Any one of these channels is enough, or all of them are needed."""

    any_of: tuple[Channel, ...] = ()  #: One of these is enough.
    all_of: tuple[Channel, ...] = ()  #: All of these are needed.


class Trigger(Part):
    """What sets a promise of notice off: a severity with its scope, or an event."""

    severity: Literal["material", "any"] | None = None  #: Changes of this severity.
    event: Word | None = None  #: This event, by its key.
    scope: tuple[Word, ...] = ()  #: What the change must be about; empty: anything.


class Scope(Part):
    """Where a practice holds; an empty tuple says nothing."""

    products: tuple[Word, ...] = ()  #: Products.
    channels: tuple[Word, ...] = ()  #: Ways of contact: site, app, phone and so on.
    audiences: tuple[Word, ...] = ()  #: Groups of people.
    jurisdictions: tuple[Word, ...] = ()  #: Countries or states.
