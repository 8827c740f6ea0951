"""The nouns of the duty desk as enums and frozen values; imported by every layer, importing none."""
