"""A policy of our own as pages show it: a menu, a table of contents, sections, a footer. For tests of free text."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

from places import ROOT

MENU = """*   [Home](https://brightpost.example/)
*   [Pricing](https://brightpost.example/pricing)
*   [Careers](https://brightpost.example/careers)
*   [Contact Us](https://brightpost.example/contact)

"""
CONTENTS = """*   [What we collect](#collect)
*   [How we use it](#use)
*   [Who receives it](#share)

"""
COLLECT = """## 1. What we collect

We collect the following information when you open an account:

*   your name and email address
*   your postal address
*   the parcels that you send

We also receive your device type from your browser. We do not collect your precise location.

"""
USE = """## 2. How we use it

We use your information to deliver parcels and to answer your questions. We may send you a newsletter once a month; you
can unsubscribe at any time. We will only use your phone number to announce a delivery.

"""
SHARE = """## 3. Who receives it

We share your postal address with carriers in Germany. We never sell your personal data. Our service providers may
process your data on our behalf, as our [processor list](https://brightpost.example/processors) shows.

"""
KEEP = """## 4. How long we keep it

We keep invoices for 10 years because tax law requires it. We delete your account data after 30 days.

"""
CHILDREN = """## 5. Children

Our service is not meant for children under 13. We do not knowingly collect personal information from them.

"""
RIGHTS = """## 6. Your rights

You have the right to access your data. You can ask us to delete your account. You may lodge a complaint with the
supervisory authority. Our café's terminal shows the organization of the post - see section 3.

"""
CONTACT = """## 7. Contact

Brightpost GmbH, Lindenstraße 12, 10969 Berlin, Germany. Write to privacy@brightpost.example or call +49 30 1234567.

"""
FOOTER = """*   [About us](https://brightpost.example/about)
*   [Press](https://brightpost.example/press)
*   [Sitemap](https://brightpost.example/sitemap)
*   [Blog](https://brightpost.example/blog)
*   [FAQ](https://brightpost.example/faq)

© 2026 Brightpost
"""
HEAD = "# Brightpost Privacy Policy\n\nLast updated: March 1, 2026\n\n"
BODY = COLLECT + USE + SHARE + KEEP + CHILDREN + RIGHTS + CONTACT
POLICY = MENU + HEAD + CONTENTS + BODY + FOOTER


def mutations() -> ModuleType:
    """The edits of known effect, from `bench/mutations.py`."""
    path = ROOT / "bench" / "mutations.py"
    spec = importlib.util.spec_from_file_location("mutations", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["mutations"] = module
    spec.loader.exec_module(module)
    return module
