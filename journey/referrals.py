"""Referrals that were not what they should have been."""

from __future__ import annotations

from engine import access
from engine.access import Verb
from engine.clock import Clock
from engine.errors import Conflict, Invalid, NotFound
from engine.journal import Journal, NewEntry
from engine.records import Actor
from engine.store.database import Database
from engine.wording import REQUIRED, Text
from journey.store import cycles, projections


class Referrals:
    """The verbs over referrals beyond their forms."""

    def __init__(self, database: Database, clock: Clock, journal: Journal) -> None:
        self._database = database
        self._clock = clock
        self._journal = journal

    def mark_reconstructed(self, actor: Actor, instance_id: str, reason: str) -> None:
        """Note that a person was really sent by a list of names and that the referral form was
        made up for the record afterwards (000:L48; reports.md I3 keeps the two apart).

        Asks for the right to correct the branch's forms; journalled with the person. Raises
        `NotFound`, `Forbidden`, `Conflict` when the case has no referral form, `Invalid`.
        """
        if not reason.strip():
            why = Text("اذكر لماذا أُنشئت الإحالة لاحقاً.", "Say why the referral was reconstructed.")
            raise Invalid(why, {"reason": [REQUIRED]})
        with self._database.transaction() as tx:
            cycle = cycles.find(tx, instance_id)
            if cycle is None:
                raise NotFound(Text("لا توجد هذه الرحلة.", "There is no such journey."))
            access.require(actor, Verb.TASK_CORRECT, cycle["unit"], "The journey")
            if projections.latest_referral(tx, instance_id) is None:
                raise Conflict(
                    Text(
                        "لا نموذج إحالة في هذه الرحلة بعد؛ أنشئه أولاً.",
                        "This journey has no referral form yet. Make it out first.",
                    )
                )
            now = self._clock.now(tx)
            projections.mark_reconstructed(
                tx,
                {
                    "instance_id": instance_id,
                    "person_id": cycle["person_id"],
                    "marked_at": now,
                    "marked_by": actor.username,
                    "reason": reason,
                },
            )
            entry = NewEntry(
                now,
                actor.username,
                "referral_reconstructed",
                data={"instance_id": instance_id, "reason": reason},
            )
            stream = f"person:{cycle['person_id']}"
            self._journal.append_to(tx, stream, [entry], cycle["person_id"])
