"""What screens and listings show, by plain SQL over the reader, as frozen values."""
