"""The tutorials' stories, told in a browser so that pictures can be taken on the way."""

from tests.web.browser.tours.tour import Tour

__all__ = ["Tour"]
