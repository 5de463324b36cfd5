"""What goes to the terminal and what comes from it, on a link that may be slow or stand still."""
