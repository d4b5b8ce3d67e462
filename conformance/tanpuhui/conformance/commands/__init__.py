"""One file per command of `tph`; each imports what it needs only when it runs."""
