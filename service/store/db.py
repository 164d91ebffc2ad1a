"""Flask-SQLAlchemy's engine and metadata, and the one way to open a transaction on them."""

from __future__ import annotations

from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()
