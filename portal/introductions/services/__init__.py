"""Change introductions: ask, broker, answer, meet, record what came of it; write in the thread."""
