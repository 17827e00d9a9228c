"""How many bytes the first load of a page costs on the wire: an empty cache, everything that the
page fetches by itself, headers and compressed bodies.

    .venv/bin/python -m benchmarks.pages.first_load --user case_worker.irbid [PATH …]

The server must run already (`rihla run`); `--site` is its address. The password is read from
`--password-file`, by default the one that the demonstration wrote. Without `--user` only pages that
need nobody signed in can be measured. Exits with 1 when a page costs more than the target.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

TARGET = 60_000
"""Bytes of the first load of the task list."""
_IMPORTED = re.compile(r"(?:\bfrom|\bimport)\s*[\"'](\.{1,2}/[^\"']+)[\"']")
_LINE_END = 2


@dataclass(frozen=True)
class Fetched:
    """One answer as it went over the wire."""

    path: str
    status: int
    head: int
    """Bytes of the status line and the headers."""
    body: int
    """Bytes of the body as sent."""
    text: str
    """The body, unpacked."""
    headers: http.client.HTTPMessage

    @property
    def size(self) -> int:
        """Bytes of the whole answer."""
        return self.head + self.body


@dataclass
class Visitor:
    """A browser without a cache, as far as counting goes."""

    site: str
    cookies: dict[str, str] = field(default_factory=dict)

    def fetch(self, path: str, form: dict[str, str] | None = None) -> Fetched:
        """One request; a `form` is posted. Raises `OSError`."""
        place = urlsplit(self.site)
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
        headers = {"Accept-Encoding": "gzip", "Accept-Language": "ar"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={text}" for name, text in self.cookies.items())
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = None if form is None else urlencode(form)
        connection.request("GET" if form is None else "POST", path, body, headers)
        answer = connection.getresponse()
        sent = answer.read()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, text = line.split(";")[0].partition("=")
            self.cookies[name] = text
        connection.close()
        packed = answer.headers.get("Content-Encoding") == "gzip"
        # `HTTP/1.1 200 OK`, a line for each header, an empty one.
        head = len(f"HTTP/1.1 {answer.status} {answer.reason}") + 2 * _LINE_END
        head += sum(len(f"{name}: {text}") + _LINE_END for name, text in answer.headers.items())
        plain = gzip.decompress(sent) if packed else sent
        text = plain.decode("utf-8", "replace")
        return Fetched(path, answer.status, head, len(sent), text, answer.headers)

    def sign_in(self, user: str, password: str) -> None:
        """Sign in as people do. Raises `SystemExit` when that is refused."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.fetch("/sign-in").text)
        typed = {"username": user, "password": password, "csrf_token": token[1] if token else ""}
        if self.fetch("/sign-in", typed).status not in (302, 303):
            raise SystemExit(f"{user} could not sign in.")

    def visit(self, path: str) -> list[Fetched]:
        """A page and everything that it fetches by itself, modules' modules included."""
        page = self.fetch(path)
        if page.status != 200:
            raise SystemExit(f"{path} answered with {page.status}.")
        asked = _Asked()
        asked.feed(page.text)
        fetched = [page]
        waiting = [urljoin(path, one) for one in asked.addresses]
        seen: set[str] = set()
        while waiting:
            address = waiting.pop(0)
            if address in seen or address.startswith("data:"):
                continue
            seen.add(address)
            found = self.fetch(address)
            fetched.append(found)
            if address.endswith(".js"):
                waiting += [urljoin(address, one) for one in _IMPORTED.findall(found.text)]
        return fetched


class _Asked(HTMLParser):
    """What a page asks for by itself: styles, what it preloads (its font), modules, pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the address of a tag that makes a browser fetch."""
        given = dict(attrs)
        wanted = given.get("href") if tag == "link" else given.get("src")
        if wanted and tag in ("link", "script", "img"):
            self.addresses.append(wanted)


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and say by the exit code whether the target is met."""
    parser = argparse.ArgumentParser(description="Bytes of the first load of pages.")
    parser.add_argument("paths", nargs="*", default=["/tasks"])
    parser.add_argument("--site", default="http://127.0.0.1:8080")
    parser.add_argument("--user")
    parser.add_argument("--password-file", type=Path, default=Path("var/demo-password"))
    parser.add_argument("--most", type=int, default=TARGET, help="bytes that a page may cost")
    given = parser.parse_args(arguments)
    visitor = Visitor(given.site)
    if given.user:
        visitor.sign_in(given.user, given.password_file.read_text("utf-8").strip())
    too_much = False
    for path in given.paths:
        fetched = visitor.visit(path)
        total = sum(one.size for one in fetched)
        too_much = too_much or total > given.most
        for one in fetched:
            print(f"{one.size:>8}  {one.path}")
        print(f"{total:>8}  in all, {len(fetched)} answers; target {given.most}\n")
    return 1 if too_much else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
