"""The live session, on a thread of its own: keeps the order book true, sends cancels, keeps the journal."""
