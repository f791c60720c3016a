"""A helpdesk on loopback that speaks both vendors' APIs."""
