"""Briefing, review and reflection, each sentence with its sources; and a check of them that shares nothing with their writers."""
