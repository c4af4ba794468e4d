"""The text engine: documents in, ranked answers with reasons out; knows nothing of the portal."""
