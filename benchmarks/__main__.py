"""``python -m benchmarks``: every benchmark in turn; ``--large`` for the largest sizes too."""

from benchmarks import matching, pipeline, places, search

search.main()
matching.main()
pipeline.main()
places.main()
