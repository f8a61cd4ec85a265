"""A frozen notice of the sample policy, and its mail."""

from __future__ import annotations

from datetime import date

import render_samples as samples

from policytrail.model.change import Comparison
from policytrail.model.policy import Snapshot
from policytrail.render.notice.content import Notice, notice_content
from policytrail.render.notice.mail import Mail, mail

MANIFEST = "c" * 64


def content(
    comparison: Comparison = samples.THIRD_CHANGES, new: Snapshot | None = None, old: Snapshot | None = None
) -> Notice:
    return notice_content(
        old or samples.snapshot(),
        new or samples.third_snapshot(),
        comparison,
        date(2014, 1, 1),
        date(2013, 11, 25),
        samples.THIRD,
    )


def made(notice: Notice | None = None) -> Mail:
    return mail(notice or content(), MANIFEST)
