"""Finds a Chromium for the tests: the one somebody names, the machine's own, or the one that npm's
development packages bring, which needs nothing of the machine but its C library."""

from __future__ import annotations

import fcntl
import io
import json
import os
import platform
import shutil
import subprocess
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import brotli

from settings import ROOT

PACKAGES = ROOT / "web" / "browser" / "node_modules"
CACHE = ROOT / ".cache" / "chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--font-render-hinting=none",
)
"""Nothing that loosens what a page may do: content security and same-origin rules stay on."""

_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  <match target="pattern">
    <edit name="family" mode="append_last"><string>Cairo</string></edit>
  </match>
</fontconfig>
"""


class NoChromium(Exception):
    """No browser can be had; the message says how to get one."""


@dataclass(frozen=True)
class Chromium:
    """A browser program and what its environment must say."""

    path: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    """Added to the environment of the test run."""

    @property
    def arguments(self) -> tuple[str, ...]:
        """Its command line; as root it runs only without its sandbox."""
        return (*ARGUMENTS, "--no-sandbox") if os.geteuid() == 0 else ARGUMENTS

    def version(self) -> str | None:
        """What it says of itself; None when it does not run here."""
        try:
            done = subprocess.run(
                [self.path, "--no-sandbox", "--version"],
                env={**os.environ, **self.environment},
                capture_output=True, text=True, timeout=60, check=False,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired):
            return None
        return done.stdout.strip() if done.returncode == 0 else None


def find(
    environment: Mapping[str, str] = os.environ, packages: Path = PACKAGES, cache: Path = CACHE
) -> Chromium:
    """The browser of the tests. Raises `NoChromium`: a machine without one fails, never skips."""
    named = environment.get("RIHLA_CHROMIUM")
    if named:
        chosen = Chromium(Path(named))
        if chosen.version() is None:
            raise NoChromium(f"RIHLA_CHROMIUM is {named}, which does not run here.")
        return chosen
    for name in NAMES:
        found = shutil.which(name, path=environment.get("PATH", os.defpath))
        # A name on the path may be a placeholder that only tells how to install the browser.
        if found is not None and Chromium(Path(found)).version() is not None:
            return Chromium(Path(found))
    return unpacked(packages, cache)


def unpacked(packages: Path = PACKAGES, cache: Path = CACHE) -> Chromium:
    """The browser of the package `@sparticuz/chromium`, unpacked once per version into `cache`,
    with the libraries it needs and one font that has Arabic and Latin letters."""
    package = packages / "@sparticuz" / "chromium"
    if not package.is_dir():
        raise NoChromium(
            "No Chromium here. Run `make install-dev`, which brings one, install Debian's "
            "`chromium`, or set RIHLA_CHROMIUM to a browser's path."
        )
    if platform.machine() != "x86_64":
        raise NoChromium(
            f"The packaged Chromium runs on x86_64, not on {platform.machine()}: install one and "
            "set RIHLA_CHROMIUM to its path."
        )
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    cache.mkdir(parents=True, exist_ok=True)
    home = cache / str(version)
    with (cache / "lock").open("w") as lock:  # test processes beside this one want it too
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            _unpack(package / "bin", home)
    fonts = home / "fonts.conf"
    text = _FONTS.format(fonts=packages / "@expo-google-fonts" / "cairo", cache=home / "fontcache")
    if not fonts.exists() or fonts.read_text(encoding="utf-8") != text:
        fonts.write_text(text, encoding="utf-8")
    browser = Chromium(
        home / "chromium",
        {"LD_LIBRARY_PATH": str(home / "lib"), "FONTCONFIG_FILE": str(fonts)},
    )
    if browser.version() is None:
        raise NoChromium(f"{browser.path} does not run here: set RIHLA_CHROMIUM to one that does.")
    return browser


def _unpack(binaries: Path, home: Path) -> None:
    """Unpack beside `home`, then rename: a folder that is there is whole."""
    partial = home.with_name(f"{home.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    for archive in ("al2023", "swiftshader"):
        raw = brotli.decompress((binaries / f"{archive}.tar.br").read_bytes())
        with tarfile.open(fileobj=io.BytesIO(raw)) as files:
            files.extractall(partial, filter="data")
    program = partial / "chromium"
    program.write_bytes(brotli.decompress((binaries / "chromium.br").read_bytes()))
    program.chmod(0o755)
    partial.rename(home)
