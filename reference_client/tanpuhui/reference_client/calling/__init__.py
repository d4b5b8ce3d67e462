"""How the scenario speaks to the platform: words, signatures, patience."""
