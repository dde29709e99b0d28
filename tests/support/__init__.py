"""Helpers that tests of every part share. Nothing here is shipped."""
