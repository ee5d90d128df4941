"""What the network learns from: support events without identifiers, their sums by month, campaigns, indicators."""

from alembic import op

revision = "0014"
down_revision = "0013"

SCHEMA = """
CREATE TABLE campaign (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    begins DATE NOT NULL,
    ends DATE NOT NULL,
    municipalities TEXT[] DEFAULT '{}' NOT NULL,
    medium VARCHAR(40) NOT NULL,
    CONSTRAINT pk_campaign PRIMARY KEY (id),
    CONSTRAINT ck_campaign_days CHECK (begins <= ends),
    CONSTRAINT fk_campaign_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT ck_campaign_heardofus CHECK (medium IN ('advert', 'letter', 'authority', 'library', 'association',
        'health', 'friend', 'web', 'radio', 'earlier', 'other'))
);
CREATE INDEX ix_campaign_days ON campaign (network_id, begins);
CREATE TABLE support_event (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    day DATE NOT NULL,
    hour_band BIGINT NOT NULL,
    channel VARCHAR(40) NOT NULL,
    language VARCHAR(40) NOT NULL,
    municipality TEXT,
    subregion TEXT,
    region TEXT,
    wellbeing_county TEXT,
    topics TEXT[] NOT NULL,
    e_service TEXT,
    device VARCHAR(40),
    helper_kind VARCHAR(40),
    organisation_id BIGINT,
    wait_minutes BIGINT,
    same_day BOOLEAN NOT NULL,
    promises BIGINT NOT NULL,
    kept BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    minutes BIGINT,
    rang_again BIGINT NOT NULL,
    outcome VARCHAR(40),
    did_themselves VARCHAR(40),
    on_behalf BOOLEAN,
    wished_form VARCHAR(40),
    heard_of_us VARCHAR(40),
    feedback BIGINT,
    training_need BOOLEAN NOT NULL,
    campaign_id BIGINT,
    CONSTRAINT pk_support_event PRIMARY KEY (id),
    CONSTRAINT ck_support_event_hour_band CHECK (hour_band BETWEEN 0 AND 21 AND hour_band % 3 = 0),
    CONSTRAINT ck_support_event_kept CHECK (kept BETWEEN 0 AND promises),
    CONSTRAINT ck_support_event_feedback CHECK (feedback BETWEEN 1 AND 3),
    CONSTRAINT fk_support_event_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT ck_support_event_channel CHECK (channel IN ('puhelin', 'lomake', 'sahkoposti', 'neuvoja',
        'tekstiviesti')),
    CONSTRAINT ck_support_event_language CHECK (language IN ('fi', 'sv')),
    CONSTRAINT ck_support_event_device CHECK (device IN ('android', 'iphone', 'ipad', 'android_tablet',
        'basic_phone', 'windows', 'mac', 'chromebook', 'printer', 'router', 'television', 'other')),
    CONSTRAINT ck_support_event_helperkind CHECK (helper_kind IN ('volunteer', 'staff')),
    CONSTRAINT fk_support_event_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT ck_support_event_outcome CHECK (outcome IN ('RATKAISTU', 'RATKAISTU_HETI', 'OSITTAIN_JATKOAIKA',
        'OHJATTU_LAHI', 'OHJATTU_KOTI', 'OHJATTU_TAPAHTUMA', 'OHJATTU_PALVELUNTARJOAJA', 'OHJATTU_VIRANOMAINEN',
        'OHJATTU_HUOLTO', 'SIIRRETTY', 'EI_TAVOITETTU', 'PERUTTU', 'EI_DIGITUKEA', 'EI_VOIDA_TEHDA_PUOLESTA',
        'HUIJAUSEPAILY', 'KAKSOISKAPPALE', 'HAIRINTA')),
    CONSTRAINT ck_support_event_didthemselves CHECK (did_themselves IN ('yes', 'partly', 'no')),
    CONSTRAINT ck_support_event_helpform CHECK (wished_form IN ('phone', 'video', 'place', 'home', 'group')),
    CONSTRAINT ck_support_event_heardofus CHECK (heard_of_us IN ('advert', 'letter', 'authority', 'library',
        'association', 'health', 'friend', 'web', 'radio', 'earlier', 'other')),
    CONSTRAINT fk_support_event_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id) ON DELETE SET NULL
);
CREATE INDEX ix_support_event_campaign_id ON support_event (campaign_id);
CREATE INDEX ix_support_event_day ON support_event (network_id, day);
CREATE TABLE support_month (
    network_id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    dimension TEXT NOT NULL,
    month DATE NOT NULL,
    value TEXT NOT NULL,
    events BIGINT NOT NULL,
    matters BIGINT NOT NULL,
    same_day BIGINT NOT NULL,
    solved BIGINT NOT NULL,
    promises BIGINT NOT NULL,
    kept BIGINT NOT NULL,
    rang_again BIGINT NOT NULL,
    training BIGINT NOT NULL,
    answered BIGINT NOT NULL,
    helped BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    waits JSONB NOT NULL,
    CONSTRAINT pk_support_month PRIMARY KEY (network_id, organisation_id, dimension, month, value),
    CONSTRAINT fk_support_month_network_id FOREIGN KEY(network_id) REFERENCES network (id)
);
CREATE INDEX ix_support_month_month ON support_month (network_id, month);
CREATE TABLE support_month_due (
    network_id BIGINT NOT NULL,
    month DATE NOT NULL,
    due BOOLEAN NOT NULL,
    CONSTRAINT pk_support_month_due PRIMARY KEY (network_id, month),
    CONSTRAINT fk_support_month_due_network_id FOREIGN KEY(network_id) REFERENCES network (id)
);
CREATE TABLE indicator (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    value DOUBLE PRECISION NOT NULL,
    unit TEXT NOT NULL,
    begins DATE NOT NULL,
    ends DATE NOT NULL,
    area TEXT NOT NULL,
    source TEXT NOT NULL,
    source_date DATE NOT NULL,
    entered_by TEXT NOT NULL,
    entered_at timestamptz NOT NULL,
    CONSTRAINT pk_indicator PRIMARY KEY (id),
    CONSTRAINT ck_indicator_days CHECK (begins <= ends),
    CONSTRAINT fk_indicator_network_id FOREIGN KEY(network_id) REFERENCES network (id)
);
CREATE INDEX ix_indicator_days ON indicator (network_id, begins);

ALTER TABLE ticket
    ADD COLUMN support_event_id BIGINT,
    ADD COLUMN counted_at timestamptz,
    ADD CONSTRAINT uq_ticket_support_event_id UNIQUE (support_event_id),
    ADD CONSTRAINT fk_ticket_support_event_id FOREIGN KEY(support_event_id) REFERENCES support_event (id);
CREATE INDEX ix_ticket_to_count ON ticket (id) WHERE
CASE WHEN support_event_id IS NULL THEN status = 'closed' AND counted_at IS NULL
ELSE status <> 'closed' OR updated_at IS DISTINCT FROM counted_at END
;
"""


def upgrade() -> None:
    """Make the tables, and a ticket's link to its event."""
    op.execute(SCHEMA)
