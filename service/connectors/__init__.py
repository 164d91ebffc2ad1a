"""What the service says to other systems. Nothing here knows the database: nobody talks inside a transaction."""
