"""From a topic to an idea that can fail."""
