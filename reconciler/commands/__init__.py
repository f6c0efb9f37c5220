"""One file per command: options in, stages called, exit code out. The only code that prints."""
