"""Adapters: each helpdesk's API behind the one seam, `rewriter.helpdesk`."""
