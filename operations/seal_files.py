"""Seals as small files, to be kept where whoever can write the database cannot write: another
machine, a printout, an e-mail to the auditor."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from engine.errors import EngineError
from engine.store.seals import SealRow


class SealUnreadable(EngineError):
    """A file that should hold a seal does not."""


def name_of(seal: SealRow) -> str:
    """The file's name."""
    return f"seal-{seal.day.isoformat()}.json"


def write(seals: Iterable[SealRow], folder: Path) -> list[Path]:
    """Write the seals that have no file in `folder` yet; a file that is there is never changed.
    Answers with the new files. Raises `OSError`."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for seal in seals:
        file = folder / name_of(seal)
        if file.exists():
            continue
        text = msgspec.json.format(msgspec.json.encode(seal), indent=2) + b"\n"
        draft = folder / f".{file.name}.{os.getpid()}"
        with draft.open("wb") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        # Another process was first: its file says the same.
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)
            written.append(file)
        draft.unlink()
    return written


def read(folder: Path) -> Iterator[SealRow]:
    """The seals of all files in `folder`, oldest first. Raises `SealUnreadable`."""
    for file in sorted(folder.glob("seal-*.json")):
        try:
            yield msgspec.json.decode(file.read_bytes(), type=SealRow)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise SealUnreadable(f"{file} holds no seal: {error}") from error
