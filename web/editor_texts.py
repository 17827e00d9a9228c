"""Everything the diagram editor's modules say, in the reader's language."""

from __future__ import annotations

from typing import Any

from web.context import language
from web.editor_words import ARABIC
from web.texts import _


def for_page(name: str) -> dict[str, Any]:
    """The texts for editing the process `name`."""
    return {
        "label": _("The diagram of %(name)s", name=name),
        "failed": _("The diagram could not be opened. Load the page again."),
        "words": ARABIC if language() == "ar" else {},
        "checked": _checked(),
        "findings": {"error": _("Error:"), "warning": _("Note:")},
        "deadlines": _deadlines(),
        "publish": _publish(),
    }


def _checked() -> dict[str, str]:
    return {
        "running": _("Checking …"),
        "ok": _("Checked: nothing is wrong."),
        "warning": _("Checked: it can be published; there are notes."),
        "error": _("Checked: errors have to be corrected before publishing."),
        "offline": _("No connection: the check waits for the next change."),
        "failed": _("The check did not work. Load the page again after downloading your work."),
    }


def _deadlines() -> dict[str, Any]:
    return {
        "none": _("This diagram sets no deadline."),
        "due": _("The task is to be done within this time."),
        "interrupts": _("After this time the task is taken away and the case goes on."),
        "reminds": _("After this time something happens beside the task; the task stays."),
        "waits": _("The case waits until then."),
        "begins": _("A case begins then."),
        "amount": _("%(name)s: number of %(unit)s"),
        "before": _("before"),
        "after": _("after"),
        "rule": _("Edit the rule itself"),
        "ruleOf": _("Rule of %(name)s"),
        "parameters": _("A number of this rule stands in the table of parameters."),
        "units": {
            "Y": _("years"),
            "M": _("months"),
            "W": _("weeks"),
            "D": _("days"),
            "h": _("hours"),
            "m": _("minutes"),
            "working": _("working days"),
        },
    }


def _publish() -> dict[str, str]:
    return {
        "question": _(
            "This becomes version %(number)s. New cases follow it from now on; cases that run keep"
            " the version they began with."
        ),
        "done": _("Published. These processes have a new version:"),
        "same": _("Nothing was changed: this is already the newest version."),
        "versionOf": _("%(name)s, version %(version)s"),
        "newer": _(
            "Somebody published version %(version)s while you were editing. Nothing of yours is"
            " lost. What do you want to do?"
        ),
        "compare": _("Show what changed there"),
        "load": _("Open that version instead"),
        "anyway": _("Publish mine anyway"),
        "loadQuestion": _("Your changes on this page will be lost. Open the other version?"),
        "loaded": _("Version %(version)s is open now."),
        "added": _("Added: %(name)s"),
        "removed": _("Removed: %(name)s"),
        "changed": _("Changed: %(name)s"),
        "moved": _("Moved in the drawing: %(name)s"),
        "noChange": _("Nothing differs from the version you began with."),
        "offline": _("No connection. Your work is still here; try again in a moment."),
        "failed": _("This did not work. Your work is still here; try again, or download it."),
    }
