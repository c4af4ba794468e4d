"""Count what the home pages, the pipeline and the cross-tab show."""
