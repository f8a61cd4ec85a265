"""What the tests of Word files share: texts, plans, and documents edited as a lawyer's program would."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import strategies as st
from lxml import etree

from conftest import Cli
from policytrail.render.documents.docx_package.layout import Placed
from policytrail.render.documents.docx_package.package import docx
from policytrail.render.documents.docx_package.revisions import unchanged
from policytrail.render.documents.docx_package.write import W
from policytrail.sources.load import load_draft, read_sources
from policytrail.sources.templates.context import context
from policytrail.sources.templates.fast_path import fill
from policytrail.word.apply.plan import Plan, planned
from policytrail.word.reading.blocks import Document, read

NOON = datetime(2020, 1, 2, 12, tzinfo=UTC)
MARKDOWN = [
    "We ask for your **name**, *email* and `id`.",
    "- one\n- two\n  - three\n\n    more of three\n- four",
    "1. first\n2. second\n\n   still second\n3. third",
    "7. seventh\n8. eighth",
    "> quoted *words*",
    "| who | why |\n| --- | --- |\n| us | [this](https://x.example/a) |\n| a\\|b | **c** |",
    "### Inside\n\ntext",
    "A line\\\nbroken.",
    "```\ncode  here\n  deep\n```",
    "Signs \\* \\_ < & [x] # 1. 2)",
    "* * *",
    "[**bold** link](mailto:a@b.example)",
    "***both*** and **a *b* c**",
    "Wrapped\nlines of\ntext.",
    "~~struck~~ out",
    "\\# no heading",
    "1\\. no list",
]
texts_of = st.lists(st.sampled_from(MARKDOWN), min_size=1, max_size=6).map("\n\n".join)
words = st.lists(
    st.sampled_from("we may never share your name email data 30 days . , * _ {{ {% [ ] ( ) # é".split()), max_size=5
).map(" ".join)


def texts(placed: Iterable[Placed]) -> list[tuple[object, str]]:
    return [(each.block.shape, each.block.text) for each in placed]


def written(placed: tuple[Placed, ...]) -> Document:
    return read("x.docx", docx(unchanged(placed), "Title", "Us", NOON))


def draft_plan(root: Path, raw: bytes) -> Plan:
    sources, draft = read_sources(root / "policy")
    names = context(draft.policy, draft.practices, draft.vocabulary)
    bodies = {name: clause.text for name, (clause, _) in sources.bodies.items()}
    return planned(read("x.docx", raw), draft, bodies, lambda name, text: fill(name, 1, text, names))


def repacked(raw: bytes, change: Callable[[etree._Element], None], part: str = "word/document.xml") -> bytes:
    """The Word file with one part changed, as somebody's editor would."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == part:
                root = etree.fromstring(content)
                change(root)
                content = etree.tostring(root)
            new.writestr(name, content)
    return stream.getvalue()


def paragraph(root: etree._Element, text: str) -> etree._Element:
    return next(p for p in root.iter(f"{{{W}}}p") if text in "".join(p.itertext()))


def replaced(old: str, new: str) -> Callable[[etree._Element], None]:
    def change(root: etree._Element) -> None:
        found = [t for t in root.iter(f"{{{W}}}t") if old in (t.text or "")]
        assert found, f"{old!r} isn't in the document"
        found[0].text = found[0].text.replace(old, new)

    return change


def rejected(root: etree._Element) -> None:
    """All revisions taken back, as the standard describes it."""
    for tag in ("ins", "moveTo"):
        for each in list(root.iter(f"{{{W}}}{tag}")):
            parent = each.getparent()
            if parent.tag == f"{{{W}}}rPr":  # the mark of a paragraph: all of it came
                parent = parent.getparent().getparent()
                parent.getparent().remove(parent)
            elif parent.tag == f"{{{W}}}trPr":
                parent.getparent().getparent().remove(parent.getparent())
            elif parent.getparent() is not None:
                parent.remove(each)
    for tag in ("del", "moveFrom"):
        for each in list(root.iter(f"{{{W}}}{tag}")):
            for child in list(each):
                each.addprevious(child)
            each.getparent().remove(each)
    for each in root.iter(f"{{{W}}}delText"):
        each.tag = f"{{{W}}}t"


NUMBERED = (
    "Intro\n\n1. one\n2. two\n3. three\n\nText between.\n\n1. alpha\n2. beta\n\nEnd",
    "Intro changed\n\n1. one\n2. new item\n3. two altered\n\nText between.\n\n5. alpha\n6. beta\n\nEnd",
)


def taken(cli: Cli, folder: Path, raw: bytes) -> tuple[int, str]:
    (folder / "edited.docx").write_bytes(raw)
    result = cli("import", "--into-draft", str(folder / "edited.docx"), "--as-of", "2020-05-06")
    return result.exit_code, result.output


def heading_of(title: str) -> etree._Element:
    return etree.fromstring(
        f'<w:p xmlns:w="{W}"><w:pPr><w:pStyle w:val="Heading2"/></w:pPr><w:r><w:t>{title}</w:t></w:r></w:p>'
    )


def text_of(words: str) -> etree._Element:
    return etree.fromstring(f'<w:p xmlns:w="{W}"><w:r><w:t>{words}</w:t></w:r></w:p>')


def heading_one(title: str) -> etree._Element:
    made = heading_of(title)
    made.find(f"{{{W}}}pPr/{{{W}}}pStyle").set(f"{{{W}}}val", "Heading1")
    return made


def sections(root: Path) -> dict[str, tuple[str, ...]]:
    return {each.id: each.clauses for each in load_draft(root / "policy").policy.sections}


def after(text: str, *added: etree._Element) -> Callable[[etree._Element], None]:
    def change(root: etree._Element) -> None:
        place = paragraph(root, text)
        for each in reversed(added):
            place.addnext(each)

    return change


def delete_paragraphs(*texts: str) -> Callable[[etree._Element], None]:
    """Tracked deletions of whole paragraphs, with their ends."""

    def change(root: etree._Element) -> None:
        for text in texts:
            found = paragraph(root, text)
            mark = etree.SubElement(found.find(f"{{{W}}}pPr"), f"{{{W}}}rPr")
            etree.SubElement(mark, f"{{{W}}}del")
            for run in list(found.iterfind(f"{{{W}}}r")):
                gone = etree.Element(f"{{{W}}}del")
                run.addprevious(gone)
                gone.append(run)
                for each in run.iter(f"{{{W}}}t"):
                    each.tag = f"{{{W}}}delText"

    return change
