"""The product for a browser to look at: pages and API on a port of their own, over a fresh
installation on the simulated clock."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import cached_property
from wsgiref.types import WSGIApplication

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from api import beside, create_app
from app import Product
from tests.journey.scenarios.driver import PASSWORD, Story
from tests.web.compiled import pages_of


class _Quiet(WSGIRequestHandler):
    """Requests are not news."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@dataclass
class Site:
    """One installation, served from a thread of this process while its `with` lasts.

    A process of its own takes seconds to start; that it serves the same is what
    `test_installed.py` shows.
    """

    product: Product
    tokens: dict[str, str]
    """Sessions by user name, shared by installations, which have the same secret."""
    _server: BaseWSGIServer = field(init=False)

    def __post_init__(self) -> None:
        self._server = make_server(
            "127.0.0.1", 0, self._application(), threaded=True, request_handler=_Quiet
        )
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Site:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Where it is served."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @cached_property
    def story(self) -> Story:
        """The installation over HTTP, to bring a case to where a test begins and to move time."""
        api = create_app(self.product.settings, self.product.engine, self.product.journey)
        return Story(self.product, api, self.tokens)

    def token(self, user: str) -> str:
        """A session of `user`."""
        if user not in self.tokens:
            self.tokens[user] = self.product.engine.identity.sign_in(user, PASSWORD).token
        return self.tokens[user]

    def _application(self) -> WSGIApplication:
        api = create_app(self.product.settings, self.product.engine, self.product.journey)
        return beside(api, pages_of(self.product))
