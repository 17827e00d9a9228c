"""What the journal packs comes back whole, for ever."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from engine.packing import DICTIONARY, PACKED, pack, unpack

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(values)
def test_what_was_packed_comes_back(value: object) -> None:
    assert unpack(pack(value)) == value


def test_what_an_earlier_release_wrote_reads_on() -> None:
    assert unpack(b'{"facts": [], "details": {}}') == {"facts": [], "details": {}}


def test_the_dictionary_is_the_one_that_stored_entries_were_made_with() -> None:
    assert (
        hashlib.sha256(DICTIONARY).hexdigest()
        == "49b929ace7af7f39a3a88613b71236077bbf785cf47523041a270610da56d519"
    )


def test_a_usual_entry_takes_a_fraction() -> None:
    flows = [{"flow_id": f"flow_{n}", "kind": "FlowTaken", "scope": ""} for n in range(9)]
    packed = pack({"details": {}, "facts": flows})
    assert packed[:1] == PACKED
    assert len(packed) < 90
