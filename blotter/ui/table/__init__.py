"""The table of orders: which are shown, in which order, and where the cursor is."""
