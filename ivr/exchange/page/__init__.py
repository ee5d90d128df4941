"""The telephone in the browser: one tab is one phone."""
