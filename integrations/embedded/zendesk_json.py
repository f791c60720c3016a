"""Tickets, comments and people with the keys that Zendesk gives them."""

from __future__ import annotations

from .desk import STATUSES, Comment, Person, Ticket
from .face import JSON, desk, stamp
from .markup import as_text, with_directions

RAILS_ZONES = {
    "America/New_York": "Eastern Time (US & Canada)",
    "America/Los_Angeles": "Pacific Time (US & Canada)",
}


def shown(path: str) -> str:
    """Return an address as bodies show it: on the account's own host, which need not be the one that was asked."""
    return f"{desk.shown_host}{path}"


def _via(channel: str, person: Person) -> JSON:
    return {
        "channel": channel,
        "source": {"from": {}, "to": {"name": person.name, "address": person.email}, "rel": None},
    }


def ticket_json(ticket: Ticket) -> JSON:
    """Return a ticket with the keys that Zendesk gives it."""
    return {
        "url": shown(f"/api/v2/tickets/{ticket.id}.json"),
        "id": ticket.id,
        "external_id": None,
        "via": _via(ticket.channel, ticket.requester),
        "created_at": stamp(ticket.created_at),
        "updated_at": stamp(ticket.updated_at),
        "generated_timestamp": int(ticket.updated_at.timestamp()),
        "type": ticket.type,
        "subject": ticket.subject,
        "raw_subject": ticket.subject,
        "description": as_text(ticket.comments[0].html) if ticket.comments else "",
        "priority": ticket.priority,
        "status": ticket.status,
        "recipient": None,
        "requester_id": ticket.requester.id,
        "submitter_id": ticket.requester.id,
        "assignee_id": ticket.assignee.id if ticket.assignee else None,
        "organization_id": None,
        "group_id": ticket.group_id,
        "collaborator_ids": [],
        "follower_ids": [],
        "email_cc_ids": [],
        "forum_topic_id": None,
        "problem_id": None,
        "has_incidents": False,
        "is_public": any(comment.public for comment in ticket.comments),
        "due_at": None,
        "tags": sorted(ticket.tags),
        "custom_fields": [],
        "fields": [],
        "satisfaction_rating": None,
        "sharing_agreement_ids": [],
        "custom_status_id": STATUSES.index(ticket.status) + 1,
        "followup_ids": [],
        "ticket_form_id": ticket.form_id,
        "brand_id": ticket.brand_id,
        "allow_channelback": False,
        "allow_attachments": True,
        "from_messaging_channel": ticket.channel == "chat",
    }


def comment_json(comment: Comment) -> JSON:
    """Return a comment with the keys that Zendesk gives it; the text fields keep what a style hides."""
    text = as_text(comment.html)
    return {
        "id": comment.id,
        "type": "Comment",
        "author_id": comment.author.id,
        "body": text,
        "html_body": f'<div class="zd-comment" dir="auto">{with_directions(comment.html)}</div>',
        "plain_body": text,
        "public": comment.public,
        "attachments": [],
        "audit_id": comment.audit_id,
        "via": {"channel": comment.channel, "source": {"from": {}, "to": {}, "rel": None}},
        "created_at": stamp(comment.at),
        "metadata": {"system": {"client": "embedded", "ip_address": "192.0.2.7"}, "custom": comment.metadata},
    }


def user_json(person: Person) -> JSON:
    """Return a person with the keys that Zendesk gives a user."""
    city = person.time_zone.rpartition("/")[2].replace("_", " ")
    return {
        "id": person.id,
        "url": shown(f"/api/v2/users/{person.id}.json"),
        "name": person.name,
        "email": person.email,
        "alias": "",
        "role": person.role,
        "role_type": None if person.role == "end-user" else 4,
        "custom_role_id": None,
        "locale": person.language,
        "locale_id": 1,
        "time_zone": RAILS_ZONES.get(person.time_zone, city),
        "iana_time_zone": person.time_zone,
        "signature": person.signature,
        "verified": True,
        "active": True,
        "suspended": person.suspended,
        "shared": False,
        "tags": [],
        "organization_id": None,
        "default_group_id": None,
        "only_private_comments": False,
        "ticket_restriction": "requested" if person.role == "end-user" else None,
        "restricted_agent": person.role == "end-user",
        "user_fields": {},
        "created_at": "2026-01-05T09:00:00Z",
        "updated_at": "2026-01-05T09:00:00Z",
    }
