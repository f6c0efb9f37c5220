"""Places where an apply may die, or lose an answer, to what is then in the account after it was run again."""
