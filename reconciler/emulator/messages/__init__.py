"""Messages: the one call of the messaging API that sends them."""
