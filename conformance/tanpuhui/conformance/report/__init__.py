"""Reports read a finished result and its evidence; none of them runs or judges anything."""
