"""Telephone numbers: those on sale, and what is known of each."""
