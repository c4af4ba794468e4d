"""What programs send: arguments of addresses, and bodies."""
