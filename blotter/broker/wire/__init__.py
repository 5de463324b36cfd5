"""The doors: the API's JSON on one side, domain values on the other. Nothing here knows of a connection."""
