"""What is remembered between runs: so far, which saved plans were applied."""
