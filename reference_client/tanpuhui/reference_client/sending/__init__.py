"""From loaded activities to settled records."""
