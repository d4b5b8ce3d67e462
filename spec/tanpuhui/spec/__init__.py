"""法 / The law: the specification as data, and the small pure code that reads it and computes by it."""
