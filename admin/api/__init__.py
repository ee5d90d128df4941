"""Tickets for other programs: our own JSON, and Open311 for the public."""
