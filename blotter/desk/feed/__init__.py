"""One account's picture, kept true: the stream, the lists, and which of them may be believed when."""
