"""Who is who across contacts, letters, talks and calendars, when they were last in touch, and what was promised."""
