"""Who may open and send what page: one row a route, one column a role, written by hand from the
design.

Lists show what is one's own, so nobody is refused them for their place. A cell says what somebody
of that role at Irbid (or headquarters) gets, first for a thing of Irbid, then for one of Zarqa:
`y` the page, `-` 403, `.` 404 (not theirs to see). One letter stands for both places.
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
)

# fmt: off
TABLE: dict[str, str] = {
    #                                             worker head mol prov hq owner audit admin
    "GET /":                                     "y   y   y   y   y   y   y   y",
    "GET /account":                              "y   y   y   y   y   y   y   y",
    "GET /password":                             "y   y   y   y   y   y   y   y",
    "POST /password":                            "y   y   y   y   y   y   y   y",
    "POST /sign-out":                            "y   y   y   y   y   y   y   y",
    "GET /tasks":                                "y   y   y   y   y   y   y   y",
    "POST /tasks/search":                        "y   y   y   y   y   y   y   y",
    "GET /tasks/<id>":                           "y.  y.  .   .   .   .   .   .",
    "POST /tasks/<id>":                          "y.  y.  .   .   .   .   .   .",
    "POST /tasks/<id>/visibility":               "y.  y.  .   .   .   .   .   .",
    "PUT /tasks/<id>/draft":                     "y.  y.  .   .   .   .   .   .",
    "POST /tasks/<id>/claim":                    "y.  y.  .   .   .   .   .   .",
    "POST /tasks/<id>/release":                  "y.  y.  .   .   .   .   .   .",
    "POST /tasks/<id>/assign":                   "y.  y.  .   .   .   .   .   .",
    "GET /tasks/<id>/correct":                   "y.  y.  .   .   .   .   .   .",
    "POST /tasks/<id>/correct":                  "y.  y.  .   .   .   .   .   .",
    "GET /cases":                                "y   y   y   y   y   y   y   y",
    "GET /cases/<id>":                           "y.  y.  .   .   y   y   y   y",
    "GET /cases/<id>/diagram":                   "y.  y.  .   .   y   y   y   y",
    "GET /cases/<id>/history":                   "y.  y.  .   .   -   y   y   -",
    "POST /cases/<id>/comments":                 "y.  y.  .   .   -   -   -   -",
    "POST /cases/<id>/attachments":              "y.  y.  .   .   -   -   -   -",
    "GET /attachments/<id>":                     "y.  y.  .   .   .   .   .   .",
    "GET /cases/<id>/cancel":                    "-.  y.  .   .   y   -   -   -",
    "POST /cases/<id>/cancel":                   "-.  y.  .   .   y   -   -   -",
    "GET /cases/<id>/transfer":                  "-.  y.  .   .   y   -   -   -",
    "POST /cases/<id>/transfer":                 "-.  y.  .   .   y   -   -   -",
    "GET /persons":                              "y   y   -   -   y   -   -   -",
    "POST /persons":                             "y   y   -   -   y   -   -   -",
    "POST /persons/lookup":                      "y   y   -   -   y   -   -   -",
    "GET /persons/new":                          "y   y   -   -   -   -   -   -",
    "POST /persons/new":                         "y   y   -   -   -   -   -   -",
    "GET /persons/<id>":                         "y.  y.  .   .   .   .   .   .",
    "GET /persons/<id>/edit":                    "y.  y.  .   .   .   .   .   .",
    "POST /persons/<id>/edit":                   "y.  y.  .   .   .   .   .   .",
    "POST /persons/<id>/journeys":               "y.  y.  .   .   .   .   .   .",
    "GET /notifications":                        "y   y   y   y   y   y   y   y",
    "POST /notifications/<id>/read":             "y.  .   .   .   .   .   .   .",
    "GET /reports":                              "y   y   y   -   y   y   y   -",
    "GET /catalogue":                            "y   y   y   y   y   y   y   -",
    "GET /providers":                            "y   y   y   y   y   y   y   -",
    "GET /employers":                            "y   y   y   y   y   y   y   -",
    "GET /vacancies":                            "y   y   y   y   y   y   y   -",
    "GET /users":                                "-   -   -   -   -   -   -   y",
    "GET /units":                                "y   y   y   y   y   y   y   y",
    "GET /incidents":                            "-   -   -   -   y   y   -   y",
    "GET /clock":                                "-   -   -   -   -   -   -   y",
    "GET /processes":                            "-   -   -   -   -   y   y   -",
}
# fmt: on

EVERYBODY = frozenset(
    {
        "GET /sign-in",
        "POST /sign-in",
        "POST /language",
        "GET /static/<name>",
        "GET /q/<task_id>",
        "GET /r/<token>",
        "POST /r/<token>",
    }
)
"""Routes that ask for no sign-in; a letter's code leads to its task by way of the sign-in."""
