"""What the reports know by themselves: quarters, and what the views can show."""
