"""`python -m reconciler` to the command line."""

from reconciler.cli import main

main()
