"""Faults of a notice besides those of files and git (faults.py): at each message, each answer to one, each statement of a ledger.

A message or an answer that fails is a connection that ends. From a statement on that fails, the system itself refuses what SQLite
does next, so that SQLite's own handling is what is tried: ENOSPC refuses every later write of the ledger, EACCES every later write
or every later sync by turns (as a seccomp filter, which needs no rights and no mount), EIO the writes until the next operation (a file
size limit of 0). Python and git write by other system calls.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import socket
import sqlite3
from typing import Any

from faults import Faults

_READS = ("SELECT", "PRAGMA")
# pwrite64, fdatasync, seccomp: <asm/unistd.h>
_NUMBERS = {"x86_64": (18, 75, 317), "aarch64": (68, 83, 277)}
SUPPORTED = platform.system() == "Linux" and platform.machine() in _NUMBERS
_NO_NEW_PRIVILEGES, _MODE_FILTER, _ALL_THREADS = 38, 1, 1
_MESSAGE = 300  # octets; commands are shorter


def install(faults: Faults) -> None:
    """Put the fault around mail and the ledger."""
    _around_mail(faults)
    _around_statements(faults)


def _around_mail(faults: Faults) -> None:
    asked = False

    def is_message(_: socket.socket, words: bytes, *__: int) -> bool:
        nonlocal asked
        asked = len(words) > _MESSAGE
        return asked

    def is_answer(_: socket.socket, *__: int) -> bool:
        nonlocal asked
        was, asked = asked, False
        return was

    socket.socket.send = faults.around("mail", socket.socket.send, is_message)  # type: ignore[method-assign]
    socket.socket.recv = faults.around("answer", socket.socket.recv, is_answer)  # type: ignore[method-assign]


def _around_statements(faults: Faults) -> None:
    real = sqlite3.dbapi2.connect

    def connect(*words: Any, **named: Any) -> sqlite3.Connection:
        made: sqlite3.Connection = real(*words, **named)
        made.set_trace_callback(lambda statement: _before(faults, statement))
        return made

    sqlite3.dbapi2.connect = connect  # type: ignore[assignment]
    faults.relieve = lambda: _limit(resource.getrlimit(resource.RLIMIT_FSIZE)[1])


def _before(faults: Faults, statement: str) -> None:
    """What happens before a statement. Nothing may be raised here: SQLite would not hear it."""
    if statement.startswith(_READS):
        return
    here = faults.reached(f"sql {' '.join(statement.split())[:80]}")
    if here and faults.kind == "EIO":
        _limit(0)
    elif (here or faults.lasts) and faults.kind in ("ENOSPC", "EACCES"):
        _refuse_from_now_on(getattr(errno, faults.kind), syncs=faults.kind == "EACCES" and bool(faults.at % 2))


def _limit(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def _refuse_from_now_on(error: int, syncs: bool) -> None:
    """Let the system answer SQLite's writes (or syncs) with an error, in all threads."""
    write, sync, seccomp = _NUMBERS[platform.machine()]
    steps = [
        (0x20, 0, 0, 0),
        (0x15, 0, 1, sync if syncs else write),
        (0x06, 0, 0, 0x00050000 | error),
        (0x06, 0, 0, 0x7FFF0000),
    ]
    program = (_Step * len(steps))(*steps)
    filtered = _Program(len(steps), program)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if libc.syscall(seccomp, _MODE_FILTER, _ALL_THREADS, ctypes.byref(filtered)):
        os.abort()


class _Step(ctypes.Structure):
    """struct sock_filter: load the call's number; compare it; answer with the error; or let it pass."""

    _fields_ = (("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("k", ctypes.c_uint32))


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_uint16), ("steps", ctypes.POINTER(_Step)))
