"""Orders for numbers, disconnects, and what becomes of them."""
