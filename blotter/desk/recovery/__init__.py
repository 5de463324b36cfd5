"""What earlier runs left behind, and what other runs of this user have in the air."""
