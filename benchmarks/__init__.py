"""Measures what the product costs, with the target beside each figure; `python -m benchmarks`."""
