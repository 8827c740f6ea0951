"""The process that drives the desk by time: timers, escalation, the outbox."""
