"""Calendars: those that others follow here, and those that we read elsewhere."""
