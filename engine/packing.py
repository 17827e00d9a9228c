"""Journal payloads as they are sealed: JSON, deflated against a dictionary of what most say.

An entry of a case repeats the same field names and kinds; with them in the dictionary only what
is its own takes room, about a seventh. What was written before packing began, plain JSON, reads on.
"""

from __future__ import annotations

import zlib
from typing import Any

import msgspec

PACKED = b"\x01"
"""First byte of what was deflated with `DICTIONARY`. JSON never begins with it."""

DICTIONARY = (
    b'{"details":{"reason":"","unit":"naf:","business_key":"R-20","subject":null,"due":"T21:00:00Z"},'
    b'{"element_id":"","key":"","kind":"IncidentRaised","message":"","diagnostics":[]},'
    b'{"kind":"IncidentResolved","key":"},{"kind":"JobRequested","headers":{},"retries":3,"type":"'
    b'{"correlation_key":"","element_id":"","key":"","kind":"MessageSent","message":"","payload":{},'
    b'"time_to_live":null},{"element_id":"","key":"","kind":"SubscriptionClosed"},'
    b'{"correlation_key":"","element_id":"","key":"","kind":"SubscriptionOpened","message":"'
    b'{"element_id":"","key":"","kind":"TimerCleared"},{"due":"2026-","element_id":"","key":"",'
    b'"kind":"TimerSet","repeats":null},{"decision_hash":"","decision_id":"","element_id":"",'
    b'"inputs":{},"kind":"DecisionEvaluated","matched":[],"value":'
    b'{"element_id":"","kind":"ScopeOpened","parent":null,"process":"","scope":""},'
    b'{"kind":"ScopeClosed","scope":"},{"element_id":"","key":"","kind":"ElementCancelled","scope":"'
    b'{"kind":"CaseCompleted"}],"details":{},"facts":['
    b'{"element_id":"","key":"","kind":"TaskClosed","reason":"completed"},'
    b'{"kind":"VariablesWritten","scope":"","values":{"'
    b'{"element_id":"","key":"","kind":"ElementCompleted","scope":""},'
    b'{"flow_id":"","kind":"FlowTaken","scope":""},'
    b'{"element_id":"","key":"","kind":"ElementEntered","scope":""},'
    b'{"assignee":null,"candidate_groups":["case_worker"],"due":null,"element_id":"",'
    b'"follow_up":null,"form":"","inputs":{},"key":"","kind":"TaskOpened","name":"","priority":50,'
    b'"scope":"","unit":null}],"submission":{"data":{"":true,"":false,"":null},"form":"",'
    b'"form_hash":"","reason":null,"task":{"assignee":"","business_key":null,'
    b'"candidate_groups":["case_worker"],"completed_at":"2026-","completed_by":"",'
    b'"created_at":"2026-","due_at":null,"element_id":"","follow_up_at":null,"form":"","id":"01",'
    b'"instance_id":"","name":"","priority":50,"process":"","revision":2,"state":"completed",'
    b'"subject":null,"unit":"naf:","version":1},"version":1}}'
)
"""Never to be changed: what is stored was made with it. Another one needs another first byte."""

_json = msgspec.json.Encoder(order="sorted")


def pack(value: Any) -> bytes:
    """A JSON-able value in few bytes."""
    deflating = zlib.compressobj(6, zlib.DEFLATED, -15, 8, zlib.Z_DEFAULT_STRATEGY, DICTIONARY)
    return PACKED + deflating.compress(_json.encode(value)) + deflating.flush()


def unpack(packed: bytes) -> Any:
    """The value that `pack` packed, or that was stored as plain JSON."""
    if packed[:1] != PACKED:
        return msgspec.json.decode(packed)
    inflating = zlib.decompressobj(-15, zdict=DICTIONARY)
    return msgspec.json.decode(inflating.decompress(packed[1:]) + inflating.flush())
