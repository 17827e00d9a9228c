"""Templates compiled once in a process: each test makes the pages anew, not their templates."""

from __future__ import annotations

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from app import Product
from web import create_pages


class _Memory(BytecodeCache):
    """Keeps compiled templates by their source's hash."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key + bucket.checksum in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key + bucket.checksum])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


_memory = _Memory()


def pages_of(product: Product) -> Flask:
    """The pages of a product."""
    pages = create_pages(product.settings, product.engine, product.journey)
    pages.jinja_env.bytecode_cache = _memory
    return pages
