"""One file a command; each offers `command`. Parse, call the core, say it: no logic."""
