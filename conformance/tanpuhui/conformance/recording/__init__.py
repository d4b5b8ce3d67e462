"""What crossed the wire, as it is written down and read again."""
