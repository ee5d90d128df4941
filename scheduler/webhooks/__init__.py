"""Programs elsewhere are told what happens to tickets: signed, at least once, without anybody's person."""
