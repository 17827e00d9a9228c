"""Runs a case: tokens, scopes, steps, and the saved state."""
