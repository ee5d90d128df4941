"""How long what is kept, what must be kept longer, what was erased."""

from alembic import op

revision = "0012"
down_revision = "0011"

SCHEMA = """
CREATE TABLE retention_rule (
    network_id BIGINT NOT NULL,
    kept VARCHAR(40) NOT NULL,
    amount BIGINT NOT NULL,
    set_at timestamptz NOT NULL,
    actor TEXT NOT NULL,
    CONSTRAINT pk_retention_rule PRIMARY KEY (network_id, kept),
    CONSTRAINT fk_retention_rule_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT ck_retention_rule_kept CHECK (kept IN ('audio', 'audio_at_most', 'contact', 'text', 'never_reached', 'calls',
        'letters', 'view_log', 'helpers'))
);
CREATE TABLE legal_hold (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    ticket_id BIGINT NOT NULL,
    during TSTZRANGE NOT NULL,
    reason_sealed TEXT NOT NULL,
    placed_by TEXT NOT NULL,
    told_at timestamptz,
    CONSTRAINT pk_legal_hold PRIMARY KEY (id),
    CONSTRAINT ex_legal_hold_one_at_a_time EXCLUDE USING gist (int8range(ticket_id, ticket_id, '[]') WITH &&,
        during WITH &&),
    CONSTRAINT ck_legal_hold_during CHECK (NOT lower_inf(during) AND NOT upper_inf(during)),
    CONSTRAINT fk_legal_hold_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT fk_legal_hold_ticket_id FOREIGN KEY(ticket_id) REFERENCES ticket (id)
);
CREATE INDEX ix_legal_hold_standing ON legal_hold (network_id) WHERE told_at IS NULL;
CREATE INDEX ix_legal_hold_ticket_id ON legal_hold (ticket_id);
CREATE TABLE erasure (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    at timestamptz NOT NULL,
    actor TEXT NOT NULL,
    counts JSONB NOT NULL,
    CONSTRAINT pk_erasure PRIMARY KEY (id),
    CONSTRAINT fk_erasure_network_id FOREIGN KEY(network_id) REFERENCES network (id)
);
CREATE INDEX ix_erasure_newest ON erasure (network_id, id DESC);
CREATE TABLE erased_mark (
    mark BYTEA NOT NULL,
    erased_at timestamptz NOT NULL,
    CONSTRAINT pk_erased_mark PRIMARY KEY (mark)
);
CREATE INDEX ix_erased_mark_erased_at ON erased_mark (erased_at);
CREATE TRIGGER erasure_append_only BEFORE UPDATE OR DELETE ON erasure
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE ticket ADD COLUMN contact_gone_at timestamptz;
ALTER TABLE helper ADD COLUMN forgotten_at timestamptz;
ALTER TABLE person ADD COLUMN forgotten_at timestamptz;
CREATE INDEX ix_ticket_contact_kept ON ticket (network_id, closed_at)
    WHERE closed_at IS NOT NULL AND (contact_gone_at IS NULL OR contact_gone_at < closed_at);
CREATE INDEX ix_ticket_text_kept ON ticket (network_id, closed_at)
    WHERE closed_at IS NOT NULL AND (anonymised_at IS NULL OR anonymised_at < closed_at);
CREATE INDEX ix_ticket_unfinished ON ticket (network_id, updated_at) WHERE status = 'unfinished';
"""


def upgrade() -> None:
    """Make and widen the tables."""
    op.execute(SCHEMA)
