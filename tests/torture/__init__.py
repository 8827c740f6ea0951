"""``kill -9`` of the engine and of commands at random instants, and the proof that nothing was lost."""
