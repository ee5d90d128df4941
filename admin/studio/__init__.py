"""Where the line's voice is made: recordings brought to the telephone, and a machine's voice for those there are not."""
