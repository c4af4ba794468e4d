"""What the speed claims rest on: run with ``python -m benchmarks``."""
