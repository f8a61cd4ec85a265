"""A Merkle tree in the shape of RFC 6962 over sorted leaves: root and inclusion proofs. Pure.

leaf = SHA-256(00 | rkey | state | accepted_at | nonce), each field after its length in two bytes;
node = SHA-256(01 | left | right). The root is made from a stream, in memory that grows with the tree's height only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence


def leaf_hash(rkey: bytes, state: str, accepted_at: str, nonce: bytes) -> bytes:
    """One recipient's leaf. Each field has its length in front, so that no two rows spell the same bytes."""
    fields = (rkey, state.encode(), accepted_at.encode(), nonce)
    return hashlib.sha256(b"\0" + b"".join([len(field).to_bytes(2, "big") + field for field in fields])).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """An inner node."""
    return hashlib.sha256(b"\1" + left + right).digest()


EMPTY = hashlib.sha256(b"").digest()


class Tree:
    """Takes leaves in order; knows the root, and the path of the one leaf that it was told to watch, if any.

    The stack holds the roots of full subtrees, largest first, as (height, index of the subtree at that height, hash).
    """

    def __init__(self) -> None:
        self.size = 0
        self.path: list[bytes] = []
        self._watched: int | None = None
        self._stack: list[tuple[int, int, bytes]] = []

    def watch_next(self) -> int:
        """Keep the path of the leaf that is added next. Out: its index."""
        self._watched = self.size
        return self.size

    def add(self, leaf: bytes) -> None:
        """One more leaf."""
        height, index, digest = 0, self.size, leaf
        self.size += 1
        while self._stack and self._stack[-1][0] == height:
            _, left_index, left = self._stack.pop()
            self._sibling(height, left_index, left, index, digest)
            height, index, digest = height + 1, index >> 1, node_hash(left, digest)
        self._stack.append((height, index, digest))

    def _sibling(self, height: int, left_index: int, left: bytes, right_index: int, right: bytes) -> None:
        if self._watched is None:
            return
        place = self._watched >> height
        if place == left_index:
            self.path.append(right)
        elif place == right_index:
            self.path.append(left)

    def root(self) -> bytes:
        """The root of all leaves so far (and the rest of the watched leaf's path). Call once, at the end."""
        if not self._stack:
            return EMPTY
        stack = list(self._stack)
        height, index, digest = stack.pop()
        inside = self._holds(height, index)
        while stack:
            left_height, left_index, left = stack.pop()
            if inside:
                self.path.append(left)
            elif self._holds(left_height, left_index):
                self.path.append(digest)
                inside = True
            digest = node_hash(left, digest)
        return digest

    def _holds(self, height: int, index: int) -> bool:
        return self._watched is not None and self._watched >> height == index


def root(leaves: Iterable[bytes]) -> bytes:
    """The root of leaves in order."""
    tree = Tree()
    for leave in leaves:
        tree.add(leave)
    return tree.root()


def proof(leaves: Iterable[bytes], index: int) -> list[bytes]:
    """The inclusion path of the leaf at an index (RFC 6962, 2.1.1), lowest sibling first."""
    tree = Tree()
    for leave in leaves:
        if tree.size == index:
            tree.watch_next()
        tree.add(leave)
    if not 0 <= index < tree.size:
        raise IndexError(index)
    tree.root()
    return tree.path


def verify(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Whether a path proves that the leaf stands at the index in a tree of that size and root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, digest = index, size - 1, leaf
    for each in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            digest = node_hash(each, digest)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            digest = node_hash(digest, each)
        place, last = place >> 1, last >> 1
    return last == 0 and digest == expected
