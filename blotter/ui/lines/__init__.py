"""Widgets made of lines of text, drawn line by line."""
