"""Actions a model or a person may ask for, each with its effect."""
