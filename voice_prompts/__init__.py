"""What the line says, in Finnish and in Swedish: every sentence, and the words for times and numbers."""
