"""The pages about what holds for a whole network: its lines, bulletins, settings and connections."""
