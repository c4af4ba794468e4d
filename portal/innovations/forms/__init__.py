"""What is asked about an innovation: one module for each group of pages."""
