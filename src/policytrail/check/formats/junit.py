"""A review as JUnit's XML, which every CI can show: an error a problem, a failure a thing to settle, a pass a change.

There is no standard. This holds to the two schemas that most readers go by, Ant's (with times, host and output, which a
review doesn't have) and Jenkins's.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as Xml

from policytrail.check.review import Review

# Characters that XML 1.0 can't hold, not even escaped.
_IMPOSSIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(review: Review) -> str:
    """The XML document with one suite."""
    suite = Xml.Element(
        "testsuite",
        name="policytrail check",
        id="0",
        package="policytrail",
        hostname="localhost",
        timestamp=f"{review.as_of}T00:00:00",
        time="0",
    )
    Xml.SubElement(suite, "properties")
    for problem in review.problems:
        _case(suite, "sources", f"{problem.path}:{problem.line}", "error", str(problem))
    if not review.problems:
        _case(suite, "sources", "the sources are sound")
    for change in review.comparison.changes if review.comparison else ():
        if not change.undecided:
            _case(suite, "changes", f"{change.id} {change.severity}: {change.summary}")
    for block in review.blocks:
        name = f"{block.subject}: {block.change.summary}" if block.change else block.message
        _case(suite, "release", name, "failure", f"{block.message}\n{block.hint}")
    for tag, attribute in (("testcase", "tests"), ("failure", "failures"), ("error", "errors")):
        suite.set(attribute, str(len(list(suite.iter(tag)))))
    Xml.SubElement(suite, "system-out")
    Xml.SubElement(suite, "system-err")
    suites = Xml.Element("testsuites")
    suites.append(suite)
    Xml.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(suites, encoding="unicode")


def _case(suite: Xml.Element, classname: str, name: str, outcome: str = "", text: str = "") -> None:
    case = Xml.SubElement(suite, "testcase", classname=f"policytrail.{classname}", name=_clean(name), time="0")
    if outcome:
        Xml.SubElement(
            case, outcome, type=f"policytrail.{classname}", message=_clean(text.splitlines()[0])
        ).text = _clean(text)


def _clean(text: str) -> str:
    return _IMPOSSIBLE.sub("\N{REPLACEMENT CHARACTER}", text)
