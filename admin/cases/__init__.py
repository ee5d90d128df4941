"""Tickets: found, read, worked on; and what the data protection officer watches over."""
