"""Data only: tone profiles, templates and phrasebooks, for admins to read and change; see README.md here."""
