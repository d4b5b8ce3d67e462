"""What the scenario keeps: outbox, inbox and links in one durable store."""
