"""正确而少见的场景：必须全部通过 / Correct but unusual scenarios, which must pass everything: they measure false alarms."""
