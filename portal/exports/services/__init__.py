"""Ask for an export, keep it, and load one."""
