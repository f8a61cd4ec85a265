"""Opens a Word file in LibreOffice and works on it as a lawyer would. Run by the system's Python, which has UNO.

Usage: office_edit.py keep|edit|accept|reject|arrange IN.docx OUT.docx PROFILE
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found]
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]

PIPE = "policytrail-test"


def value(name: str, content: object) -> Any:
    made = PropertyValue()
    made.Name, made.Value = name, content
    return made


def desktop(profile: str) -> tuple[Any, Any]:
    subprocess.Popen(
        [
            "soffice",
            "--headless",
            "--norestore",
            "--nologo",
            f"-env:UserInstallation=file://{profile}",
            f"--accept=pipe,name={PIPE}-{Path(profile).name};urp;",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(240):
        try:
            context = resolver.resolve(f"uno:pipe,name={PIPE}-{Path(profile).name};urp;StarOffice.ComponentContext")
            break
        except Exception:
            time.sleep(0.25)
    else:
        raise SystemExit("LibreOffice didn't start")
    return context, context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)


def find(document: Any, words: str) -> Any:
    search = document.createSearchDescriptor()
    search.SearchString, search.SearchCaseSensitive = words, True
    found = document.findFirst(search)
    assert found is not None, f"{words!r} isn't in the document"
    return found


def paragraph_of(document: Any, words: str) -> Any:
    cursor = document.Text.createTextCursorByRange(find(document, words).Start)
    cursor.gotoStartOfParagraph(False)
    cursor.gotoEndOfParagraph(True)
    return cursor


def dispatch(document: Any, context: Any, command: str) -> None:
    dispatcher = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.DispatchHelper", context)
    dispatcher.executeDispatch(document.CurrentController.Frame, command, "", 0, ())


def keep(document: Any, context: Any) -> None:
    """Only open and save."""


def accept(document: Any, context: Any) -> None:
    dispatch(document, context, ".uno:AcceptAllTrackedChanges")


def reject(document: Any, context: Any) -> None:
    dispatch(document, context, ".uno:RejectAllTrackedChanges")


def edit(document: Any, context: Any) -> None:
    document.RecordChanges = True
    place = find(document, "When you register").End
    document.Text.insertString(place, " or order", False)
    find(document, ", except as told below").String = ""
    # A moved paragraph: cut it with its end, paste it behind another.
    view = document.CurrentController.ViewCursor
    moving = paragraph_of(document, "They must keep it secret")
    moving.goRight(1, True)
    view.gotoRange(moving.Start, False)
    view.gotoRange(moving.End, True)
    dispatch(document, context, ".uno:Cut")
    view.gotoRange(paragraph_of(document, "Write to").Start, False)
    dispatch(document, context, ".uno:Paste")
    note = document.createInstance("com.sun.star.text.textfield.Annotation")
    note.Author, note.Content = "Ann Lawyer", "Is this the promise we want?"
    at = document.Text.createTextCursorByRange(find(document, "material change"))
    document.Text.insertTextContent(at, note, True)


def arrange(document: Any, context: Any) -> None:
    """Whole clauses: one taken out, one moved, a new one."""
    document.RecordChanges = True
    view = document.CurrentController.ViewCursor

    def select(first: str, last: str) -> None:
        end = paragraph_of(document, last)
        end.goRight(1, True)
        view.gotoRange(paragraph_of(document, first).Start, False)
        view.gotoRange(end.End, True)

    select("What we collect", "When you register")
    dispatch(document, context, ".uno:Delete")
    select("Mail providers", "Mail providers that")
    dispatch(document, context, ".uno:Cut")
    view.gotoRange(paragraph_of(document, "Our promise").Start, False)
    dispatch(document, context, ".uno:Paste")
    last = paragraph_of(document, "Write to")
    heading = document.Text.createTextCursorByRange(last.End)
    document.Text.insertControlCharacter(heading, 0, False)
    document.Text.insertString(heading, "Zebras", False)
    heading.ParaStyleName = "Heading 2"
    document.Text.insertControlCharacter(heading, 0, False)
    document.Text.insertString(heading, "We like zebras.", False)
    heading.ParaStyleName = "Standard"


def main() -> None:
    what, source, target, profile = sys.argv[1:]
    context, office = desktop(profile)
    try:
        document = office.loadComponentFromURL(f"file://{source}", "_blank", 0, (value("Hidden", True),))
        {"keep": keep, "edit": edit, "accept": accept, "reject": reject, "arrange": arrange}[what](document, context)
        document.storeToURL(f"file://{target}", (value("FilterName", "MS Word 2007 XML"),))
        document.close(True)
    finally:
        office.terminate()


if __name__ == "__main__":
    main()
