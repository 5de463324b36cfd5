"""Logins and tokens: private files, and what keeps a token good while the desk runs."""
