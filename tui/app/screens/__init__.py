"""One file a screen; each has a command that prints the same facts."""
