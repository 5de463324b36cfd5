"""What a cancel asks before it is sent: of one order or of many, what it follows, and what takes it back."""
