"""People in the tables: how long they are kept, what is held about one, and erasing one."""
