"""What is said and heard for one message to one recipient (RFC 5321, 2920): each way in which it can end has its own outcome.

Pure: an exchange is a generator that says bytes and is told replies; a `Connection` carries both.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Generator
from dataclasses import dataclass

from policytrail.notify.channels.channel import SenderRejected
from policytrail.notify.primitives.delivery_states import Outcome

_ENHANCED = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}", re.ASCII)
GARBAGE = -1  # stands for the code of a reply that is none

Reply = tuple[int, bytes]


class ConnectionLost(Exception):
    """The connection ended, or nothing was heard for too long. `all_said`: whether what was to be said had left by then."""

    def __init__(self, all_said: bool) -> None:
        super().__init__()
        self.all_said = all_said


@dataclass(frozen=True, slots=True)
class Command:
    """Bytes to be sent before the next reply is waited for; none where another one must come anyway."""

    words: bytes
    content: bool = False


@dataclass(frozen=True, slots=True)
class Ending:
    """What the message came to, and whether the connection can carry another one."""

    outcome: Outcome
    stays: bool


Exchange = Generator[Command, Reply, Ending]


def exchange(server: str, sender: str, address: str, content: bytes, pipelining: bool) -> Exchange:
    """One message to one recipient. In: the server's name for errors, envelope sender, a normalised address, what DATA carries.

    Raises SenderRejected where the server refuses the sender, ValueError for an address that would end a command.
    """
    try:
        stopped = yield from _announce(server, sender, address, pipelining)
    except ConnectionLost:
        return Ending(Outcome("dropped", "dropped"), False)
    if stopped is not None:
        return stopped
    try:
        code, said = yield Command(content, content=True)
    except ConnectionLost as gone:
        # Where the dot didn't leave, nothing was sent; else neither side knows.
        return Ending(Outcome("doubtful" if gone.all_said else "dropped", "dropped"), False)
    if 200 <= code < 300:
        return Ending(Outcome("accepted", shown(code, said)), True)
    if 400 <= code < 600:
        return Ending(Outcome("deferred" if code < 500 else "refused", shown(code, said)), code != 421)
    return Ending(Outcome("doubtful", "garbage"), False)


def _announce(server: str, sender: str, address: str, pipelining: bool) -> Generator[Command, Reply, Ending | None]:
    """MAIL, RCPT, DATA; in one go where the server offers PIPELINING. Out: None if it said go on."""
    commands = f"MAIL FROM:<{sender}>\r\nRCPT TO:<{address}>\r\nDATA\r\n".encode("ascii")
    if not commands.count(b"\r") == commands.count(b"\n") == 3:
        raise ValueError("an address holds a line end")
    no: tuple[str, int, bytes] | None = None
    to_say = (commands, b"", b"") if pipelining else commands.splitlines(keepends=True)
    for command, words in zip(("MAIL", "RCPT", "DATA"), to_say, strict=True):
        code, said = yield Command(words)
        if code in ((354,) if command == "DATA" else (250, 251)):
            continue
        no = no or (command, code, said)
        if not pipelining or code == 421 or not 400 <= code < 600:
            break
    if no is None:
        return None
    if code == 354:  # DATA was taken although nobody is to get it: end it empty
        yield Command(b".\r\n")
    return (yield from _stopped(server, *no))


def _stopped(server: str, command: str, code: int, said: bytes) -> Generator[Command, Reply, Ending]:
    """An answer before the message was sent that isn't yes."""
    words = shown(code, said)
    if code == 421:
        return Ending(Outcome("deferred", words), False)
    if not 400 <= code < 600:
        return Ending(Outcome("dropped", "garbage"), False)
    if command == "MAIL" and code >= 500:
        raise SenderRejected(f"The mail server {server} refuses the sender: {words}.")
    outcome = Outcome("deferred" if code < 500 else "refused", words)
    try:
        code, _ = yield Command(b"RSET\r\n")
    except ConnectionLost:
        return Ending(outcome, False)
    return Ending(outcome, code != 421)


def shown(code: int, said: bytes | str) -> str:
    """Code and enhanced code; the words only as a hash, because they may quote the address."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    enhanced = _ENHANCED.match(text)
    known = f"{code} {enhanced.group()}" if enhanced else str(code)
    return known if code < 400 else f"{known} #{hashlib.sha256(text.encode()).hexdigest()[:16]}"
