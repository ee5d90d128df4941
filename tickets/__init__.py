"""The ticket store that the whole network shares."""
