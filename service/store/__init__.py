"""Tables, queries, migrations and queue: the only importer of SQLAlchemy."""
