"""Taking a report (接报): what is read out of it, putting it on record, drafts, filing it later."""
