"""Change support: engagements and their outcomes, validations, what is proven."""
