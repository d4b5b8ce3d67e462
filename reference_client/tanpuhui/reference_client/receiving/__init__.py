"""How the scenario lets the platform in."""
