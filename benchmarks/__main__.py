"""``python -m benchmarks``: every benchmark in turn."""

from benchmarks import search

search.main()
