"""The relay's cards, letters and pages."""
