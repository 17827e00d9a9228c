"""The shapes of API bodies, queries and answers: one file per resource."""
