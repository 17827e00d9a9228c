"""How a person's data rests in the database: sealed, and found by keyed hashes only."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from engine import clock as time
from engine.clock import Clock
from engine.crypto import Keyring
from engine.store.transaction import Transaction
from journey import names
from journey.records import Person, PersonData
from journey.store import persons as rows

_CONTEXT = b"person"


class Vault:
    """Seals, opens and indexes people. The person's id owns the key that seals them."""

    def __init__(self, clock: Clock, keyring: Keyring) -> None:
        self._clock = clock
        self._keyring = keyring
        self._id_key = keyring.derive("person national id")
        self._tokens = names.TokenHasher(keyring.derive("person name"))

    def today(self, tx: Transaction | None = None) -> date:
        """The day in Amman."""
        return time.today(self._clock.now(tx))

    def digest(self, national_id: str) -> bytes:
        """The keyed hash that stands for a national id."""
        return hmac.digest(self._id_key, national_id.encode(), hashlib.sha256)

    def seal(self, tx: Transaction, person_id: str, data: PersonData) -> bytes:
        """The data as it may be stored."""
        plain = json.dumps(data.to_json(), ensure_ascii=False).encode()
        return self._keyring.seal(tx, person_id, plain, _CONTEXT)

    def open(self, tx: Transaction, row: Mapping[str, Any]) -> Person:
        """The person of a stored row. Raises `KeyDestroyed`."""
        data = self._data(tx, row)
        return Person(
            row["id"],
            row["unit"],
            data,
            data.age_on(self.today(tx)),
            row["version"],
            row["created_at"],
            row["created_by"],
            row["identity_changed_at"],
        )

    def names(self, tx: Transaction, ids: Collection[str]) -> dict[str, str]:
        """First and last name of many people by their ids, without those whose data was erased;
        two reads however many there are."""
        stored = rows.find_many(tx, ids)
        readable = self._keyring.load(tx, [row["id"] for row in stored])
        shown: dict[str, str] = {}
        for row in stored:
            if row["id"] in readable:
                data = self._data(tx, row)
                shown[row["id"]] = f"{data.first_name} {data.last_name}"
        return shown

    def index(self, tx: Transaction, person_id: str, data: PersonData) -> None:
        """Make the person findable by the names in `data`, and by no others."""
        tokens = self._tokens.of_names((data.first_name, data.last_name))
        rows.replace_tokens(tx, person_id, tokens)

    def search_tokens(self, text: str) -> frozenset[bytes]:
        """Tokens that people matching every word of `text` have; empty when it is too short."""
        wanted = names.words(text)
        if not wanted or min(map(len, wanted)) < names.SHORTEST_PREFIX:
            return frozenset()
        return frozenset(self._tokens.of_word(word) for word in wanted)

    def destroy(self, tx: Transaction, person_id: str) -> None:
        """Make everything ever sealed for the person unreadable."""
        self._keyring.destroy(tx, person_id)

    def _data(self, tx: Transaction, row: Mapping[str, Any]) -> PersonData:
        plain = self._keyring.open(tx, row["id"], row["sealed"], _CONTEXT)
        return PersonData.from_json(json.loads(plain))
