"""The engine's tables and the only statements that touch them, one module per family of rows."""
