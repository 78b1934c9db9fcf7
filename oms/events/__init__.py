"""What happened: the outbox, each object's timeline, and the audit trail."""
