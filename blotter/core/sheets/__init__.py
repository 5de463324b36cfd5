"""What a screen or a file says of orders, as text with roles and as cells, before it has colours."""
