"""The record of every cancel: written before it is sent, chained, read back at the next start."""
