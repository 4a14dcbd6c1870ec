"""Where steps stand in a calendar: the problem, a solver, a checker that shares nothing with it, and the smallest changes that help."""
