"""What the pages borrow from others: by a lock, from the npm registry, at set-up."""
