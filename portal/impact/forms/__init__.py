"""What is asked about impact: one module for each group of pages."""
