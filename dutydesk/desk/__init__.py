"""The use cases: one command is one transaction is one journal entry; and the views."""
