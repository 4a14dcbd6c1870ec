"""What a person wants, planned against their real week, followed through, and told truthfully: arithmetic, a solver, and a checker that
trusts neither. No model is needed for any of it."""
