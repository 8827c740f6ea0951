"""An incident from opening to closing, and its grade."""
