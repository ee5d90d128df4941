"""What anybody may see: what the line is, and the same promise for those who write rather than ring."""
