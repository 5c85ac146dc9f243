"""Migrations: how the tables of one release become those of the next, expand before contract."""
