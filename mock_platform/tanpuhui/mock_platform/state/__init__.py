"""What the platform keeps, table by table."""
