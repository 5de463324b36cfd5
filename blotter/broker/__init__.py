"""The wire of the Aries API: JSON in, values of ``core`` out. No state beyond a connection and a token."""
