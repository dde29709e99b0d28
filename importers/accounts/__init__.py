"""Badges that wait in an account elsewhere: sign in, list them, hand on where each is hosted. Only names are kept here."""
