"""Business calendars of units: what the database knows of them, and how it is entered."""
