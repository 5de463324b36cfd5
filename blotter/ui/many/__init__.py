"""Cancels of many orders: the choice, the question, the progress, the result."""
