"""The account itself and its applications."""
