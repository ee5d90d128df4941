"""What people see on a screen, and how the line is run."""
