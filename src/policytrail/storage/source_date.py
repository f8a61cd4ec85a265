"""The date that libraries write into what they make: they read it from the environment, as SOURCE_DATE_EPOCH."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

_NAME = "SOURCE_DATE_EPOCH"


@contextmanager
def source_date(seconds: int) -> Iterator[None]:
    """Run the block with SOURCE_DATE_EPOCH set to `seconds` since 1970 in UTC; afterwards it is as it was."""
    before = os.environ.get(_NAME)
    os.environ[_NAME] = str(seconds)
    try:
        yield
    finally:
        if before is None:
            del os.environ[_NAME]
        else:
            os.environ[_NAME] = before
