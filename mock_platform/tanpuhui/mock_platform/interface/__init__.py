"""One request from its bytes to an admitted call, and an answer back to bytes."""
