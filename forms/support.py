"""Which words of form-js JSON are run, which are harmless, which are refused and why.

Everything in a file is on one of these lists; a word on none of them is a finding.
"""

from __future__ import annotations

INPUTS = frozenset(
    {
        "textfield", "textarea", "number", "checkbox", "radio", "select", "checklist", "taglist",
        "datetime",
    }
)  # fmt: skip
CONTAINERS = frozenset({"group", "dynamiclist"})
DISPLAYS = frozenset({"text", "separator", "spacer"})
HARMLESS_TYPES = frozenset({"button"})  # every page draws its own buttons

REFUSED_TYPES: dict[str, tuple[str, str]] = {
    "html": (
        "HTML from a form file is not shown, it could run scripts",
        "use a 'text' component",
    ),
    "image": ("pictures are not shown in forms", "describe it in a 'text' component"),
    "iframe": ("other sites are not shown inside forms", "write the address in a 'text' component"),
    "table": ("tables of variables are not shown", "use a 'dynamiclist' with disabled fields"),
    "filepicker": ("files cannot be answers", "attach the document to the case"),
    "documentPreview": ("documents are not shown in forms", "attach the document to the case"),
    "expression": (
        "computed components have no place to be kept",
        "use a disabled field with the property 'fixed'",
    ),
}

# attribute -> component types that may carry it; "*" is every type
_INPUT = "input"
RUN_ATTRIBUTES: dict[str, frozenset[str]] = {
    "type": frozenset({"*"}),
    "id": frozenset({"*"}),
    "properties": frozenset({"*"}),
    "conditional": frozenset({"*"}),
    "key": INPUTS,
    "label": INPUTS | CONTAINERS | HARMLESS_TYPES,
    "description": INPUTS,
    "validate": INPUTS | {"dynamiclist"},
    "disabled": INPUTS,
    "readonly": INPUTS,
    "defaultValue": INPUTS,
    "values": frozenset({"radio", "select", "checklist", "taglist"}),
    "components": CONTAINERS,
    "path": frozenset({"dynamiclist"}),
    "text": frozenset({"text"}),
    "dateLabel": frozenset({"datetime"}),
    "subtype": frozenset({"datetime"}),
    "decimalDigits": frozenset({"number"}),
}
HARMLESS_ATTRIBUTES = frozenset(
    {
        "layout",
        "appearance",
        "showOutline",
        "verticalAlignment",
        "isRepeating",
        "allowAddRemove",
        "defaultRepetitions",
        "disableCollapse",
        "nonCollapsedItems",
        "timeLabel",
        "timeInterval",
        "timeSerializingFormat",  # any of its forms is read and stored as UTC
        "use24h",
        "increment",
        "searchable",
        "height",
        "action",
    }
)
REFUSED_ATTRIBUTES: dict[str, tuple[str, str]] = {
    "valuesKey": (
        "options from a variable are not checked at completion",
        "name a source in the property 'source'",
    ),
    "valuesExpression": (
        "options from an expression are not checked at completion",
        "name a source in the property 'source'",
    ),
    "serializeToString": ("numbers are JSON numbers", "remove it"),
    "disallowPassedDates": ("it is not evaluated", "set the property 'min' to =today()"),
    "path": ("only lists have a path; groups do not nest their answers", "remove the path"),
}

VALIDATE_KEYS = frozenset(
    {
        "required", "minLength", "maxLength", "min", "max", "pattern", "validationType",
    }
)  # fmt: skip

FEEL_PROPERTIES = frozenset({"default", "fixed", "required_if"})
LIMIT_PROPERTIES = frozenset({"min", "max", "warn_min", "warn_max"})
PLAIN_PROPERTIES = frozenset(
    {
        "label.en",
        "hint.ar",
        "hint.en",
        "text.en",
        "type",
        "unit",
        "unit.en",
        "source",
        "prefill",
        "sensitive",
        "number",
        "min_items",
        "max_items",
        "note",
    }
)
PROPERTY_PREFIXES = ("value.", "source.")
"""`value.<option>.en` is an option's English; `source.<anything>` is handed to the source."""

TOP_LEVEL = frozenset({"type", "id", "components"})
HARMLESS_TOP_LEVEL = frozenset(
    {
        "schemaVersion", "executionPlatform", "executionPlatformVersion", "exporter", "versionTag",
        "generated", "$schema",
    }
)  # fmt: skip

RESERVED_KEYS = frozenset(
    {
        # FEEL's own words
        "and", "or", "not", "in", "if", "then", "else", "for", "return", "some", "every",
        "satisfies", "between", "instance", "of", "function", "external", "true", "false", "null",
        # functions that every form needs
        "date", "time", "duration", "now", "today", "string", "number", "list", "context", "count",
        # what the engine gives to every expression, and form-js to the rows of a list
        "case", "this", "parent", "item",
    }
)  # fmt: skip
