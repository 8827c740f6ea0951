"""Tables, transactions, the journal and the views: the only package that speaks SQL."""
