"""What the network learns from its numbers: support events without identifiers, counted, summed, reported, exported."""
