"""Innovation records as files: what comes in and what goes out."""
