"""The ledger (F6)."""
