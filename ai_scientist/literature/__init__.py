"""Works and their records: who can be asked for them, and how a citation is checked."""
