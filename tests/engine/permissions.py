"""Who may do what, written by hand from the design (architecture, section 4).

A row per verb, a column per role: `all` everywhere, `own` in the own units, `mine` the own work in
the own units, `-` nowhere. The last column says what somebody without the right is told about a
thing: `404` when one may not even see it (for those who may see it: 403), `403` always.
"""

from __future__ import annotations

TABLE = """
verb                case_worker branch_head mol_officer service_provider hq_coordinator process_owner auditor admin connector told
task_see            own         own         own         own              own            -             -       -     -         404
task_work           own         own         own         own              own            -             -       -     -         404
task_assign         own         own         own         own              own            -             -       -     -         404
task_correct        own         own         -           -                -              -             -       -     -         404
instance_see        own         own         -           -                all            all           all     all   -         404
instance_variables  own         own         -           -                -              -             all     -     -         404
instance_history    own         own         -           -                -              -             all     -     -         404
instance_start      own         own         own         own              all            own           -       all   -         403
instance_cancel     -           own         -           -                all            -             -       -     -         404
instance_transfer   -           own         -           -                all            -             -       -     -         404
instance_move       -           -           -           -                -              all           -       -     -         404
instance_migrate    -           -           -           -                -              all           -       -     -         404
comment_see         own         own         -           -                -              -             all     -     -         404
comment_add         own         own         -           -                -              -             -       -     -         404
attachment_see      own         own         -           -                -              -             all     -     -         404
attachment_add      own         own         -           -                -              -             -       -     -         404
link_issue          own         own         -           -                -              -             -       -     -         404
incident_see        own         own         -           -                all            all           all     all   -         404
incident_retry      -           -           -           -                all            all           -       all   -         404
message_publish     -           -           -           -                -              -             -       all   all       403
person_see          own         own         -           -                -              -             -       -     -         404
person_lookup       all         all         -           -                all            -             -       -     -         403
person_register     own         own         -           -                -              -             -       -     -         403
person_change       own         own         -           -                -              -             -       -     -         404
person_erase        -           -           -           -                -              -             -       all   -         404
journey_see         own         own         -           -                -              -             -       -     -         404
journey_open        own         own         -           -                -              -             -       -     -         404
unit_see            all         all         all         all              all            all           all     all   -         403
catalogue_see       all         all         all         all              all            all           all     -     -         403
catalogue_propose   own         own         -           own              all            -             -       -     -         403
catalogue_edit      -           own         -           own              all            -             -       -     -         403
vacancy_see         all         all         all         all              all            all           all     -     -         403
vacancy_propose     own         own         own         -                all            -             -       -     -         403
vacancy_edit        -           own         own         -                all            -             -       -     -         403
report_see          mine        own         own         -                all            -             all     -     -         403
report_counts       -           -           -           -                -              all           all     -     -         403
process_see         all         all         -           -                all            all           all     all   -         403
deploy              -           -           -           -                -              all           -       -     -         403
journal_headers     -           -           -           -                -              all           all     -     -         403
journal_read        -           -           -           -                -              -             all     -     -         403
access_log_read     -           -           -           -                -              -             all     -     -         403
users_manage        -           -           -           -                -              -             -       all   -         403
users_of_unit       own         own         own         own              own            -             -       all   -         403
substitute_own      mine        mine        -           -                -              -             -       -     -         403
substitute_unit     -           own         -           -                -              -             -       all   -         403
clock_see           all         all         all         all              all            all           all     all   -         403
clock_advance       -           -           -           -                -              -             -       all   -         403
notifications_read  mine        mine        mine        mine             mine           mine          mine    mine  -         403
"""  # noqa: E501  one row a verb can be read; a folded one cannot


def rows() -> dict[str, dict[str, str]]:
    """verb → column → cell."""
    header, *lines = [line.split() for line in TABLE.strip().splitlines()]
    return {line[0]: dict(zip(header[1:], line[1:], strict=True)) for line in lines}
