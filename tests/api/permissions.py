"""Who may call what: one row a route, one column a role, written by hand from the design.

Lists show what is one's own, so nobody is refused them for their place. The vacancy of the rows
belongs to a MoL office and the branch it is paired with, the catalogue entry to a provider of its
own. Only who added a document, here the case worker, takes it back.

A cell says what somebody of that role at Irbid (or headquarters) gets, first for a thing of Irbid,
then for one of Zarqa: `y` it is done, `-` 403, `.` 404 (not theirs to see). One letter stands for
both places.
"""

from __future__ import annotations

COLUMNS = (
    "case_worker.irbid",
    "branch_head.irbid",
    "mol_officer.irbid",
    "service_provider.vtc_irbid",
    "hq_coordinator.hq",
    "process_owner.hq",
    "auditor.hq",
    "admin.hq",
    "connector.post",
)

# fmt: off
TABLE: dict[str, str] = {
    #                                                 worker head mol prov hq owner audit admin conn
    "POST /deployments":                            "-   -   -   -   -   y   -   -   -",
    "POST /deployments/check":                      "-   -   -   -   -   y   -   -   -",
    "GET /processes":                               "y   y   -   -   y   y   y   y   -",
    "GET /processes/<key>":                         "y   y   -   -   y   y   y   y   -",
    "GET /processes/<key>/versions":                "y   y   -   -   y   y   y   y   -",
    "GET /processes/<key>/versions/<number>/bpmn":  "y   y   -   -   y   y   y   y   -",
    "POST /processes/<key>/instances":              "y-  y-  -   -   y   -   -   y   -",
    "GET /instances":                               "y   y   y   y   y   y   y   y   y",
    "GET /instances/<instance_id>":                 "y.  y.  .   .   y   y   y   y   .",
    "POST /instances/<instance_id>/cancel":         "-.  y.  .   .   y   -   -   -   .",
    "POST /instances/<instance_id>/transfer":       "-.  y.  .   .   y   -   -   -   .",
    "GET /instances/<instance_id>/comments":        "y.  y.  .   .   -   -   y   -   .",
    "POST /instances/<instance_id>/comments":       "y.  y.  .   .   -   -   -   -   .",
    "GET /instances/<instance_id>/calendar":        "y.  y.  .   .   -   -   y   -   .",
    "GET /instances/<instance_id>/history":         "y.  y.  .   .   -   y   y   -   .",
    "GET /instances/<instance_id>/replay":          "y.  y.  .   .   -   y   y   -   .",
    "GET /instances/<instance_id>/attachments":     "y.  y.  .   .   -   -   y   -   .",
    "POST /instances/<instance_id>/attachments":    "y.  y.  .   .   -   -   -   -   .",
    "GET /attachments/<attachment_id>":             "y.  y.  .   .   -   -   y   -   .",
    "POST /attachments/<attachment_id>/withdraw":   "y.  -.  .   .   -   -   -   -   .",
    "GET /tasks":                                   "y   y   y   y   y   y   y   y   y",
    "GET /tasks/<task_id>":                         "y.  y.  .   .   .   .   .   .   .",
    "GET /tasks/<task_id>/form":                    "y.  y.  .   .   .   .   .   .   .",
    "POST /tasks/<task_id>/claim":                  "y.  y.  .   .   .   .   .   .   .",
    "POST /tasks/<task_id>/release":                "y.  y.  .   .   .   .   .   .   .",
    "POST /tasks/<task_id>/assign":                 "y.  y.  .   .   .   .   .   .   .",
    "PUT /tasks/<task_id>/draft":                   "y.  y.  .   .   .   .   .   .   .",
    "POST /tasks/<task_id>/complete":               "y.  y.  .   .   .   .   .   .   .",
    "POST /tasks/<task_id>/correct":                "y.  y.  .   .   .   .   .   .   .",
    "POST /messages":                               "-   -   -   -   -   -   -   y   y",
    "GET /incidents":                               "y   y   y   y   y   y   y   y   y",
    "POST /incidents/<incident_id>/retry":          "-.  -.  .   .   y   y   -   y   .",
    "POST /persons":                                "y-  y-  -   -   -   -   -   -   -",
    "GET /persons/<person_id>":                     "y.  y.  .   .   .   .   .   .   .",
    "PATCH /persons/<person_id>":                   "y.  y.  .   .   .   .   .   .   .",
    "GET /persons/<person_id>/versions":            "y.  y.  .   .   .   .   .   .   .",
    "POST /persons/search":                         "y   y   y   y   y   y   y   y   y",
    "POST /persons/lookup":                         "y   y   -   -   y   -   -   -   -",
    "POST /persons/<person_id>/journeys":           "y.  y.  .   .   .   .   .   .   .",
    "GET /persons/<person_id>/journeys":            "y.  y.  .   .   .   .   .   .   .",
    "POST /persons/<person_id>/erase":              ".   .   .   .   .   .   .   y   .",
    "GET /units":                                   "y   y   y   y   y   y   y   y   -",
    "POST /units/<unit>/visits":                    "-   -   -   -   y   -   -   -   -",
    "GET /catalogue":                               "y   y   y   y   y   y   y   -   -",
    "POST /catalogue":                              "y-  y-  -   y   y   -   -   -   -",
    "GET /catalogue/<row_id>":                      "y   y   y   y   y   y   y   -   -",
    "PATCH /catalogue/<row_id>":                    "-   y-  -   y   y   -   -   -   -",
    "GET /catalogue/<row_id>/history":              "y   y   y   y   y   y   y   -   -",
    "GET /providers":                               "y   y   y   y   y   y   y   -   -",
    "POST /providers":                              "-   y   -   y-  y   -   -   -   -",
    "GET /providers/<row_id>":                      "y   y   y   y   y   y   y   -   -",
    "PATCH /providers/<row_id>":                    "-   y   -   y-  y   -   -   -   -",
    "GET /providers/<row_id>/history":              "y   y   y   y   y   y   y   -   -",
    "GET /employers":                               "y   y   y   y   y   y   y   -   -",
    "POST /employers":                              "y   y   y   -   y   -   -   -   -",
    "GET /employers/<row_id>":                      "y   y   y   y   y   y   y   -   -",
    "PATCH /employers/<row_id>":                    "-   y   y   -   y   -   -   -   -",
    "GET /employers/<row_id>/history":              "y   y   y   y   y   y   y   -   -",
    "GET /vacancies":                               "y   y   y   y   y   y   y   -   -",
    "POST /vacancies":                              "y-  y-  y-  -   y   -   -   -   -",
    "GET /vacancies/<row_id>":                      "y   y   y   y   y   y   y   -   -",
    "PATCH /vacancies/<row_id>":                    "-   y-  y-  -   y   -   -   -   -",
    "GET /vacancies/<row_id>/history":              "y   y   y   y   y   y   y   -   -",
    "GET /notifications":                           "y   y   y   y   y   y   y   y   -",
    "POST /notifications/<notification_id>/read":   "y.  .   .   .   .   .   .   .   -",
    "GET /users":                                   "y   y   y   y   y   -   -   y   -",
    "GET /users/<username>":                        "-   -   -   -   -   -   -   y   -",
    "POST /users":                                  "-   -   -   -   -   -   -   y   -",
    "PATCH /users/<username>":                      "-   -   -   -   -   -   -   y   -",
    "GET /users/<username>/substitutes":            "-   y-  -   -   -   -   -   y   -",
    "POST /users/<username>/substitutes":           "-   y-  -   -   -   -   -   y   -",
    "DELETE /substitutes/<substitution_id>":        "-   y-  -   -   -   -   -   y   -",
    "GET /reports/offices":                         "y   y   y   -   y   y   y   -   -",
    "GET /access-log":                              "-   -   -   -   -   -   y   -   -",
    "GET /clock":                                   "y   y   y   y   y   y   y   y   -",
    "POST /clock":                                  "-   -   -   -   -   -   -   y   -",
}
# fmt: on

EVERYBODY = frozenset(
    {"POST /auth/token", "DELETE /auth/token", "GET /me", "POST /me/password"}
    | {"GET /health/live", "GET /health/ready", "GET /metrics"}
)
"""Routes that do not ask for a role."""
