"""The control interface, on its own port: sets up tenants, moves clocks, arms faults, watches a run."""
