"""Changes of imports: of the import itself, and of what its rows make."""
