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
    "GET /cases/<id>/history.json":              "y.  y.  .   .   -   y   y   -",
    "POST /cases/<id>/comments":                 "y.  y.  .   .   -   -   -   -",
    "POST /cases/<id>/attachments":              "y.  y.  .   .   -   -   -   -",
    "GET /attachments/<id>":                     "y.  y.  .   .   -   -   y   -",
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
    "POST /cases/<id>/links":                    "y.  y.  .   .   -   -   -   -",
    "POST /cases/<id>/links/<link>/revoke":      "y.  y.  .   .   -   -   -   -",
    "GET /letters/task/<id>.pdf":                "y.  y.  .   .   .   .   .   .",
    "GET /letters/case/<id>.pdf":                "y.  y.  .   .   -   -   y   -",
    "GET /letters/referral/<id>.pdf":            "y.  y.  .   .   -   -   .   -",
    "POST /letters/referral/<id>.pdf":           "y.  y.  .   .   -   -   .   -",
    "GET /access-log":                           "-   -   -   -   -   -   y   -",
    "GET /notifications":                        "y   y   y   y   y   y   y   y",
    "POST /notifications/read":                  "y   y   y   y   y   y   y   y",
    "POST /notifications/<id>/read":             "y.  .   .   .   .   .   .   .",
    "GET /absence":                              "y   y   -   -   -   -   -   -",
    "POST /absence":                             "y   y   -   -   -   -   -   -",
    "POST /absence/<number>/end":                "y-  y-  -   -   -   -   -   y",
    "GET /reports":                              "y   y   y   -   y   y   y   -",
    "GET /reports/<key>":                        "y   y   y   -   y   y   y   -",
    "GET /reports/<key>/people":                 "y   y   y   -   y   -   y   -",
    "GET /reports/<key>.<ending>":               "y   y   y   -   y   y   y   -",
    "GET /processes":                            "y   y   -   -   y   y   y   y",
    "GET /processes/<key>":                      "y   y   -   -   y   y   y   y",
    "GET /processes/<key>/<version>":            "y   y   -   -   y   y   y   y",
    "GET /processes/<key>/<version>.bpmn":       "y   y   -   -   y   y   y   y",
    "GET /processes/files/<sha256>":             "y   y   -   -   y   y   y   y",
    "GET /processes/<key>/edit":                 "-   -   -   -   -   y   -   -",
    "POST /processes/check":                     "-   -   -   -   -   y   -   -",
    "POST /processes/publish":                   "-   -   -   -   -   y   -   -",
    "GET /processes/upload":                     "-   -   -   -   -   y   -   -",
    "POST /processes/upload":                    "-   -   -   -   -   y   -   -",
    "GET /catalogue":                            "y   y   y   y   y   y   y   -",
    "GET /providers":                            "y   y   y   y   y   y   y   -",
    "GET /employers":                            "y   y   y   y   y   y   y   -",
    "GET /vacancies":                            "y   y   y   y   y   y   y   -",
    "GET /users":                                "-   -   -   -   -   -   -   y",
    "GET /units":                                "y   y   y   y   y   y   y   y",
    "GET /incidents":                            "-   -   -   -   y   y   -   y",
    "GET /clock":                                "-   -   -   -   -   -   -   y",
}
# fmt: on

EVERYBODY = frozenset(
    {
        "GET /sign-in",
        "POST /sign-in",
        "POST /language",
        "POST /sign-out",
        "POST /password",
        "GET /static/<name>",
        "GET /q/<task_id>",
        "GET /r/<token>",
        "POST /r/<token>",
    }
)
"""Routes that ask for no role: of the account itself, and of who has none."""
