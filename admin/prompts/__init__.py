"""The pages on which a coordinator reads, hears and rewrites what the line says."""
