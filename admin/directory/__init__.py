"""The directory's pages: where people are sent on to, what they can come to, links and material that can be trusted."""
