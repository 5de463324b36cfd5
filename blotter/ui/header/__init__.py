"""The line on top: whose money, what needs a look, and how old the picture is."""
