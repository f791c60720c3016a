"""Tickets, conversations, contacts and agents with the keys that Freshdesk gives them."""

from __future__ import annotations

from datetime import timedelta

from .desk import Comment, Person, Ticket
from .face import JSON, desk, stamp
from .markup import as_text
from .numbers import PRIORITY, SOURCE, STATUS

INCLUDED_CONVERSATIONS = 10
STYLE = "font-family:-apple-system, BlinkMacSystemFont, Segoe UI, Roboto, Arial, sans-serif; font-size:14px"
JUNK = '<img id="cursor" rel="cursor" class="fr-fic fr-dii">'  # what the web editor leaves in a note


def ticket_json(ticket: Ticket, *include: str) -> JSON:
    """Return a ticket with the keys that Freshdesk gives it, and what `include` asks for."""
    shown: JSON = {
        "cc_emails": [],
        "fwd_emails": [],
        "reply_cc_emails": [],
        "ticket_cc_emails": [],
        "fr_escalated": False,
        "spam": ticket.spam,
        "email_config_id": None,
        "group_id": ticket.group_id,
        "priority": PRIORITY.get(ticket.priority, 1),
        "requester_id": ticket.requester.id,
        "responder_id": ticket.assignee.id if ticket.assignee else None,
        "source": SOURCE.get(ticket.channel, 2),
        "company_id": None,
        "status": STATUS[ticket.status],
        "subject": ticket.subject,
        "association_type": None,
        "support_email": None,
        "to_emails": None,
        "product_id": ticket.brand_id,
        "id": ticket.id,
        "type": ticket.type,
        "due_by": stamp(ticket.created_at + timedelta(days=3)),
        "fr_due_by": stamp(ticket.created_at + timedelta(days=1)),
        "is_escalated": False,
        "custom_fields": {},
        "created_at": stamp(ticket.created_at),
        "updated_at": stamp(ticket.updated_at),
        "associated_tickets_count": None,
        "tags": list(ticket.tags),
    }
    if ticket.deleted:
        shown["deleted"] = True
    first = ticket.comments[0] if ticket.comments else None
    if "description" in include:
        shown["description"] = f"<div>{first.html}</div>" if first else None
        shown["description_text"] = as_text(first.html) if first else None
    if "requester" in include:
        person = ticket.requester
        shown["requester"] = {
            "id": person.id,
            "name": person.name,
            "email": person.email,
            "mobile": None,
            "phone": None,
        }
    if "stats" in include:
        shown["stats"] = _stats(ticket)
    if "company" in include:
        shown["company"] = {}
    if "conversations" in include:
        shown["conversations"] = [
            conversation_json(ticket, comment) for comment in conversations_of(ticket)[:INCLUDED_CONVERSATIONS]
        ]
    return shown


def _stats(ticket: Ticket) -> JSON:
    def last(by: str) -> str | None:
        times = [c.at for c in ticket.comments if c.public and (c.author.role == "end-user") == (by == "requester")]
        return stamp(times[-1]) if times else None

    return {
        "agent_responded_at": last("agent"),
        "requester_responded_at": last("requester"),
        "first_responded_at": None,
        "status_updated_at": stamp(ticket.created_at),
        "reopened_at": None,
        "resolved_at": stamp(ticket.updated_at) if ticket.status in ("solved", "closed") else None,
        "closed_at": stamp(ticket.updated_at) if ticket.status == "closed" else None,
        "pending_since": stamp(ticket.updated_at) if ticket.status == "pending" else None,
    }


def conversation_json(ticket: Ticket, comment: Comment) -> JSON:
    """Return a comment with the keys of a Freshdesk conversation; what agents type carries the editor's junk."""
    incoming = comment.author.role == "end-user"
    typed = comment.channel == "web" and not incoming
    body = (
        f'<div style="{STYLE}"><div dir="ltr">{comment.html}{JUNK}</div></div>'
        if typed
        else f"<div>{comment.html}</div>"
    )
    reply = comment.public and not incoming
    note = not comment.public
    shown: JSON = {
        "body": body,
        "body_text": as_text(comment.html),
        "id": comment.id,
        "incoming": incoming,
        "private": note,
        "user_id": comment.author.id,
        "support_email": "support@example.com" if reply else None,
        "source": 2 if note or comment.channel == "api" else 0,  # a note may be public, and is no reply then
        "category": 2 if note else 3 if reply else 1,
        "to_emails": [ticket.requester.email] if reply else [],
        "from_email": "Support <support@example.com>" if reply else comment.author.email if incoming else None,
        "cc_emails": [],
        "bcc_emails": None,
        "email_failure_count": None,
        "outgoing_failures": None,
        "thread_id": None,
        "thread_message_id": None,
        "created_at": stamp(comment.at),
        "updated_at": stamp(comment.edited_at or comment.at),
        "last_edited_at": stamp(comment.edited_at) if comment.edited_at else None,
        "last_edited_user_id": comment.editor.id if comment.editor else None,
        "attachments": [],
        "automation_id": 7 if comment.channel == "rule" else None,
        "automation_type_id": 1 if comment.channel == "rule" else None,
        "auto_response": False,
        "ticket_id": ticket.id,
        "source_additional_info": None,
    }
    if ticket.channel == "chat" and comment.public:
        content = {"type": "text", "data": {"content": as_text(comment.html)}}
        shown["structured_body"] = {"body_contents": [content]}
    return shown


def conversations_of(ticket: Ticket) -> list[Comment]:
    """Return what stands under a ticket: not its description, but on chat tickets, which repeat it."""
    return ticket.comments if ticket.channel == "chat" else ticket.comments[1:]


def contact_json(person: Person) -> JSON:
    """Return a customer with the keys that Freshdesk gives a contact."""
    return {
        "active": False,
        "address": None,
        "description": None,
        "email": person.email,
        "id": person.id,
        "job_title": None,
        "language": person.language.partition("-")[0],
        "mobile": None,
        "name": person.name,
        "phone": None,
        "time_zone": person.time_zone.rpartition("/")[2].replace("_", " "),  # a city, as Rails names zones
        "twitter_id": None,
        "custom_fields": {},
        "facebook_id": None,
        "created_at": "2026-01-05T09:00:00Z",
        "updated_at": "2026-01-05T09:00:00Z",
        "csat_rating": None,
        "preferred_source": None,
        "company_id": None,
        "other_companies": [],
        "unique_external_id": None,
        "tags": [],
    }


def agent_json(person: Person) -> JSON:
    """Return a colleague with the keys that Freshdesk gives an agent."""
    contact = contact_json(person)
    kept = (
        "active",
        "email",
        "job_title",
        "language",
        "mobile",
        "name",
        "phone",
        "time_zone",
        "created_at",
        "updated_at",
    )
    return {
        "available": True,
        "occasional": False,
        "id": person.id,
        "ticket_scope": 1,
        "created_at": "2026-01-05T09:00:00Z",
        "updated_at": "2026-01-05T09:00:00Z",
        "last_active_at": stamp(desk.now()),
        "available_since": None,
        "type": "support_agent",
        "signature": person.signature or None,
        "group_ids": [],
        "role_ids": [],
        "skill_ids": [],
        "contact": {key: contact[key] for key in kept} | {"active": True, "last_login_at": stamp(desk.now())},
    }
