"""Walking a playbook for an incident."""
