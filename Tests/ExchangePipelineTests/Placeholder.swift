// Filled by this target's first commit.
