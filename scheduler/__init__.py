"""Who rings whom, and when."""
