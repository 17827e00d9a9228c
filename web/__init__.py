"""Pages for people: server-rendered, in Arabic and English, on the same verbs as the API."""

from web.app import create_pages

__all__ = ["create_pages"]
