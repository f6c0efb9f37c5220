"""What is switched on for a location: messaging and voice."""
