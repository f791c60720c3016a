"""Freshdesk (API v2)."""
