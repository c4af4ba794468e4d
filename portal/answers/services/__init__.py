"""Change answers: write and send, pass on or send back, assess, decide; write in the thread."""
