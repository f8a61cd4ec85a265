"""The rules for plain text, one file a family; importing the package enters all of them.

Ids, reasons and sources are those of the structured kinds (`classify/registry`). Where several rules speak, the
highest severity wins.
"""

from . import about_policy, choices, collection, disclosure, identity, retention, use, wording  # noqa: F401
