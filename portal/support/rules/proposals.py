"""Proposals between HINs, in words."""
