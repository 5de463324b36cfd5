"""Numbers, orders and lines of text, in words: what sheets are written with."""
