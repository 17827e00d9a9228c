"""Functions of contexts (DMN table 78)."""

from __future__ import annotations

from ..errors import FeelError
from ..runtime import check_list
from ..values import MAX_NESTING, Value
from .signature import WrongOverload, feel


@feel("get value(m: context, key: string)")
def get_value(m: dict[str, Value], key: str) -> Value:
    if key not in m:
        raise FeelError(f"get value: the context has no entry {key!r}")
    return m[key]


@feel("get entries(m: context)")
def get_entries(m: dict[str, Value]) -> list[Value]:
    return [{"key": key, "value": value} for key, value in m.items()]


@feel("context(entries: list)")
def context(entries: list[Value]) -> dict[str, Value]:
    result: dict[str, Value] = {}
    for entry in entries:
        if not isinstance(entry, dict) or not isinstance(entry.get("key"), str):
            raise FeelError("context: an entry is a context of a key (a string) and a value")
        if "value" not in entry or entry["key"] in result:
            raise FeelError(f"context: the key {entry['key']!r} is twice there or has no value")
        result[entry["key"]] = entry["value"]
    return result


@feel("context put(context: context, key: any, value: any)")
def context_put(m: dict[str, Value], key: Value, value: Value) -> dict[str, Value]:
    if isinstance(key, list):
        raise WrongOverload("context put: the key must be a string")
    if not isinstance(key, str):
        raise FeelError("context put: the key must be a string")
    return {**m, key: value}


@feel("context put(context: context, keys: list, value: any)")
def context_put_nested(m: dict[str, Value], keys: list[Value], value: Value) -> Value:
    if not keys or len(keys) > MAX_NESTING:
        raise FeelError("context put: the keys must be a list of strings that is not empty")
    key = keys[0]
    if not isinstance(key, str):
        raise FeelError("context put: the keys must be strings")
    if len(keys) == 1:
        return {**m, key: value}
    inner = m.get(key)
    if not isinstance(inner, dict):
        raise FeelError(f"context put: there is no context under {key!r}")
    return {**m, key: context_put_nested(inner, keys[1:], value)}


@feel("context merge(contexts: list)")
def context_merge(contexts: list[Value]) -> dict[str, Value]:
    result: dict[str, Value] = {}
    for entry in contexts:
        if not isinstance(entry, dict):
            raise FeelError("context merge: the list must hold contexts")
        result.update(entry)
    check_list(len(result))
    return result
