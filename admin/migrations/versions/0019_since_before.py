"""What was there before tickets had organisations and people left on a day: open tickets are whose they would be by now."""

from alembic import op

revision = "0019"
down_revision = "0018"

FILLED = """
UPDATE ticket t SET owner_organisation_id = serving.id
FROM (
    SELECT t.id AS ticket_id, min(o.id) AS id FROM ticket t
    JOIN organisation o ON o.network_id = t.network_id AND t.municipality = ANY(o.serves)
    WHERE t.status <> 'closed' AND t.owner_organisation_id IS NULL GROUP BY t.id
) serving
WHERE serving.ticket_id = t.id;

INSERT INTO ticket_access (ticket_id, organisation_id, given_at)
SELECT id, owner_organisation_id, now() FROM ticket WHERE status <> 'closed' AND owner_organisation_id IS NOT NULL
ON CONFLICT DO NOTHING;

UPDATE person SET left_at = now() WHERE NOT active AND left_at IS NULL AND forgotten_at IS NULL;
"""


def upgrade() -> None:
    """Fill what new tickets and leavers have anyway; of when somebody left nothing is known, so their term begins now."""
    op.execute(FILLED)
