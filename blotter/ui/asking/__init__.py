"""What the trader is asked about one order, before leaving, and for a filter; and which of his keys count."""
