"""The book: what the broker said of each order, what we asked of it, and the rules that bring the two together."""
