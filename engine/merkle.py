"""Merkle tree hashes as RFC 6962 section 2.1 defines them, one leaf at a time.

Only one hash for each level of the tree is kept, so any number of leaves may come.
"""

from __future__ import annotations

import hashlib

_LEAF = b"\x00"
_NODE = b"\x01"


class MerkleTree:
    """The tree over the leaves that were added so far."""

    def __init__(self) -> None:
        self.leaves = 0
        self._whole: list[tuple[int, bytes]] = []
        """Roots of complete subtrees, the largest first, with their numbers of leaves."""

    def add(self, leaf: bytes) -> None:
        """Add the next leaf."""
        size, node = 1, hashlib.sha256(_LEAF + leaf).digest()
        while self._whole and self._whole[-1][0] == size:
            _, left = self._whole.pop()
            size, node = 2 * size, hashlib.sha256(_NODE + left + node).digest()
        self._whole.append((size, node))
        self.leaves += 1

    def root(self) -> str:
        """The root as hex; of no leaf at all: the hash of nothing."""
        if not self._whole:
            return hashlib.sha256(b"").hexdigest()
        _, node = self._whole[-1]
        for _, left in reversed(self._whole[:-1]):
            node = hashlib.sha256(_NODE + left + node).digest()
        return node.hex()
