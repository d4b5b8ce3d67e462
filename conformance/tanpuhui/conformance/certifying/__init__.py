"""Certificates: made, signed and verified."""
