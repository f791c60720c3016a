"""Freshdesk's numbers for what other helpdesks call by words."""

STATUS = {"new": 2, "open": 2, "pending": 3, "hold": 6, "solved": 4, "closed": 5}
PRIORITY = {"low": 1, "normal": 2, "high": 3, "urgent": 4}
SOURCE = {"email": 1, "web": 2, "phone": 3, "social": 5, "chat": 15}
