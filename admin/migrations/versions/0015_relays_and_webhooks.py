"""Relays, the channels they are posted to, and programs elsewhere that are told what happens."""

from alembic import op

revision = "0015"
down_revision = "0014"

SCHEMA = """
CREATE TABLE relay_terms (
    network_id BIGINT NOT NULL,
    unclaimed_days BIGINT NOT NULL,
    claimed_days BIGINT NOT NULL,
    CONSTRAINT pk_relay_terms PRIMARY KEY (network_id),
    CONSTRAINT ck_relay_terms_unclaimed CHECK (unclaimed_days BETWEEN 1 AND 60),
    CONSTRAINT ck_relay_terms_claimed CHECK (claimed_days BETWEEN 1 AND 60),
    CONSTRAINT fk_relay_terms_network_id FOREIGN KEY(network_id) REFERENCES network (id)
);
CREATE TABLE relay (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    number TEXT NOT NULL,
    ticket_id BIGINT,
    state VARCHAR(40) NOT NULL,
    shown JSONB NOT NULL,
    text_sealed TEXT,
    asked_by BIGINT,
    made_by TEXT NOT NULL,
    made_at timestamptz NOT NULL,
    published_by TEXT,
    published_at timestamptz,
    claimed_by BIGINT,
    claimed_at timestamptz,
    withdrawn_by TEXT,
    withdrawn_at timestamptz,
    CONSTRAINT pk_relay PRIMARY KEY (id),
    CONSTRAINT ck_relay_words CHECK (ticket_id IS NULL OR text_sealed IS NULL),
    CONSTRAINT ck_relay_claimed CHECK ((state = 'claimed') = (claimed_by IS NOT NULL)),
    CONSTRAINT fk_relay_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT uq_relay_number UNIQUE (number),
    CONSTRAINT fk_relay_ticket_id FOREIGN KEY(ticket_id) REFERENCES ticket (id),
    CONSTRAINT ck_relay_relaystate CHECK (state IN ('draft', 'open', 'claimed', 'withdrawn')),
    CONSTRAINT fk_relay_asked_by FOREIGN KEY(asked_by) REFERENCES person (id),
    CONSTRAINT fk_relay_claimed_by FOREIGN KEY(claimed_by) REFERENCES person (id)
);
CREATE INDEX ix_relay_asked_by ON relay (asked_by) WHERE asked_by IS NOT NULL;
CREATE INDEX ix_relay_claimed_by ON relay (claimed_by) WHERE claimed_by IS NOT NULL;
CREATE INDEX ix_relay_newest ON relay (network_id, state, id DESC);
CREATE INDEX ix_relay_ticket ON relay (ticket_id) WHERE ticket_id IS NOT NULL;
CREATE UNIQUE INDEX uq_relay_live ON relay (ticket_id) WHERE ticket_id IS NOT NULL AND state IN ('draft', 'open');
CREATE TABLE relay_channel (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    kind VARCHAR(40) NOT NULL,
    name TEXT NOT NULL,
    address_sealed TEXT NOT NULL,
    told_in VARCHAR(40) NOT NULL,
    trouble TEXT,
    trouble_since timestamptz,
    posted_at timestamptz,
    made_by TEXT NOT NULL,
    made_at timestamptz NOT NULL,
    removed_at timestamptz,
    CONSTRAINT pk_relay_channel PRIMARY KEY (id),
    CONSTRAINT ck_relay_channel_trouble CHECK ((trouble IS NULL) = (trouble_since IS NULL)),
    CONSTRAINT fk_relay_channel_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT ck_relay_channel_channelkind CHECK (kind IN ('teams', 'email')),
    CONSTRAINT ck_relay_channel_told CHECK (told_in IN ('fi', 'sv', 'both'))
);
CREATE INDEX ix_relay_channel_network_id ON relay_channel (network_id);
CREATE TABLE relay_post (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    relay_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    occasion VARCHAR(40) NOT NULL,
    state VARCHAR(40) NOT NULL,
    trouble TEXT,
    at timestamptz NOT NULL,
    CONSTRAINT pk_relay_post PRIMARY KEY (id),
    CONSTRAINT uq_relay_post_relay_id_channel_id_occasion UNIQUE (relay_id, channel_id, occasion),
    CONSTRAINT fk_relay_post_relay_id FOREIGN KEY(relay_id) REFERENCES relay (id),
    CONSTRAINT fk_relay_post_channel_id FOREIGN KEY(channel_id) REFERENCES relay_channel (id),
    CONSTRAINT ck_relay_post_occasion CHECK (occasion IN ('opened', 'closed')),
    CONSTRAINT ck_relay_post_poststate CHECK (state IN ('sending', 'sent', 'skipped', 'failed'))
);
CREATE INDEX ix_relay_post_channel_id ON relay_post (channel_id);
CREATE TABLE webhook (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    address_sealed TEXT NOT NULL,
    secret_sealed TEXT NOT NULL,
    events TEXT[] NOT NULL,
    told_from BIGINT NOT NULL,
    cursor BIGINT NOT NULL,
    horizon BIGINT NOT NULL,
    horizon_xid BIGINT DEFAULT '0' NOT NULL,
    trouble TEXT,
    delivered_at timestamptz,
    stopped VARCHAR(40),
    stopped_at timestamptz,
    made_by TEXT NOT NULL,
    made_at timestamptz NOT NULL,
    removed_at timestamptz,
    CONSTRAINT pk_webhook PRIMARY KEY (id),
    CONSTRAINT ck_webhook_stopped_at CHECK ((stopped IS NULL) = (stopped_at IS NULL)),
    CONSTRAINT fk_webhook_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT ck_webhook_stopped CHECK (stopped IN ('gone', 'failing'))
);
CREATE INDEX ix_webhook_network_id ON webhook (network_id);
CREATE TABLE webhook_delivery (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    webhook_id BIGINT NOT NULL,
    event_id BIGINT NOT NULL,
    body TEXT NOT NULL,
    state VARCHAR(40) NOT NULL,
    tries BIGINT DEFAULT '0' NOT NULL,
    trouble TEXT,
    made_at timestamptz NOT NULL,
    settled_at timestamptz,
    CONSTRAINT pk_webhook_delivery PRIMARY KEY (id),
    CONSTRAINT uq_webhook_delivery_webhook_id_event_id UNIQUE (webhook_id, event_id),
    CONSTRAINT ck_webhook_delivery_settled CHECK ((state = 'waiting') = (settled_at IS NULL)),
    CONSTRAINT fk_webhook_delivery_webhook_id FOREIGN KEY(webhook_id) REFERENCES webhook (id),
    CONSTRAINT ck_webhook_delivery_deliverystate CHECK (state IN ('waiting', 'delivered', 'failed'))
);
CREATE INDEX ix_webhook_delivery_settled ON webhook_delivery (settled_at) WHERE settled_at IS NOT NULL;
CREATE INDEX ix_webhook_delivery_waiting ON webhook_delivery (webhook_id, id) WHERE state = 'waiting';
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(SCHEMA)
