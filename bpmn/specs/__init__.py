"""SpiffWorkflow specifications of our own, one class per kind of element that runs."""
