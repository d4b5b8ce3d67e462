"""The checks, by topic of the law; each reads evidence and nothing else."""
