"""Who belongs to a network, with which papers, and what they agreed on; a change re-checks the promises that it touches."""
