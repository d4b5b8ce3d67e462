"""Ground truth: what the judge itself invented for this run, and what a conforming scenario must make of it."""
