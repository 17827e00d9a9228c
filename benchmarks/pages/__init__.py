"""What pages cost people on a weak line."""
