"""The whole portal kept apart, put back, and moved to another database."""
