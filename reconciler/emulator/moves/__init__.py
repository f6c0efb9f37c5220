"""Moves of numbers from one location to another."""
