"""Tables and connections: SQLAlchemy Core on SQLite and PostgreSQL, the same statements on both."""
