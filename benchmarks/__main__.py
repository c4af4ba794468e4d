"""``python -m benchmarks``: every benchmark in turn."""

from benchmarks import matching, search

search.main()
matching.main()
