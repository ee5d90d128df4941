"""Who signs in and what they may; what a ticket tells besides; who was given it; who has looked at it."""

from alembic import op

revision = "0008"
down_revision = "0007"

SCHEMA = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('digilinja.resealing', true) = 'on' THEN RETURN NEW; END IF;
    IF TG_OP = 'DELETE' AND current_setting('digilinja.forgetting', true) = 'on' THEN RETURN OLD; END IF;
    RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME;
END $$;

ALTER TABLE network ADD COLUMN role_rights JSONB DEFAULT '{}' NOT NULL;

CREATE TABLE person (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    organisation_id BIGINT,
    helper_id BIGINT,
    role VARCHAR(40) NOT NULL,
    name_sealed TEXT,
    email_sealed TEXT,
    email_index BYTEA,
    phone_sealed TEXT,
    phone_index BYTEA,
    commitment_signed_on DATE,
    active BOOLEAN NOT NULL,
    created_at timestamptz NOT NULL,
    left_at timestamptz,
    CONSTRAINT pk_person PRIMARY KEY (id),
    CONSTRAINT ck_person_name CHECK (num_nonnulls(helper_id, name_sealed) = 1),
    CONSTRAINT ck_person_email CHECK ((email_sealed IS NULL) = (email_index IS NULL)),
    CONSTRAINT ck_person_phone CHECK ((phone_sealed IS NULL) = (phone_index IS NULL)),
    CONSTRAINT fk_person_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT fk_person_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT uq_person_helper_id UNIQUE (helper_id),
    CONSTRAINT fk_person_helper_id FOREIGN KEY(helper_id) REFERENCES helper (id),
    CONSTRAINT ck_person_role CHECK (role IN ('neuvoja', 'opastaja', 'digitukija', 'jasen', 'yhdyshenkilo',
        'koordinaattori', 'aluekoordinaattori', 'tietosuojavastaava', 'paakayttaja'))
);
CREATE INDEX ix_person_organisation_id ON person (organisation_id);
CREATE UNIQUE INDEX uq_person_email ON person (network_id, email_index) WHERE active;
CREATE UNIQUE INDEX uq_person_phone ON person (network_id, phone_index) WHERE active;
CREATE TABLE ticket_access (
    ticket_id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    given_at timestamptz NOT NULL,
    CONSTRAINT pk_ticket_access PRIMARY KEY (ticket_id, organisation_id),
    CONSTRAINT fk_ticket_access_ticket_id FOREIGN KEY(ticket_id) REFERENCES ticket (id),
    CONSTRAINT fk_ticket_access_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
);
CREATE INDEX ix_ticket_access_newest ON ticket_access (organisation_id, ticket_id DESC);
CREATE TABLE note (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    ticket_id BIGINT NOT NULL,
    author TEXT NOT NULL,
    text_sealed TEXT NOT NULL,
    written_at timestamptz NOT NULL,
    CONSTRAINT pk_note PRIMARY KEY (id),
    CONSTRAINT fk_note_ticket_id FOREIGN KEY(ticket_id) REFERENCES ticket (id)
);
CREATE INDEX ix_note_ticket_id ON note (ticket_id);
CREATE TABLE view_log (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    at timestamptz NOT NULL,
    token_id BIGINT,
    person_id BIGINT,
    helper_id BIGINT,
    ticket_id BIGINT,
    seen VARCHAR(40) NOT NULL,
    CONSTRAINT pk_view_log PRIMARY KEY (id),
    CONSTRAINT fk_view_log_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT fk_view_log_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_view_log_helper_id FOREIGN KEY(helper_id) REFERENCES helper (id),
    CONSTRAINT fk_view_log_ticket_id FOREIGN KEY(ticket_id) REFERENCES ticket (id),
    CONSTRAINT ck_view_log_seen CHECK (seen IN ('ticket', 'message', 'contact', 'search', 'export'))
);
CREATE INDEX ix_view_log_helper_id ON view_log (helper_id);
CREATE INDEX ix_view_log_newest ON view_log (network_id, id DESC);
CREATE INDEX ix_view_log_person_id ON view_log (person_id);
CREATE INDEX ix_view_log_ticket_id ON view_log (ticket_id);
CREATE TRIGGER view_log_append_only BEFORE UPDATE OR DELETE ON view_log
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE api_token ADD COLUMN person_id BIGINT,
    ADD CONSTRAINT fk_api_token_person_id FOREIGN KEY(person_id) REFERENCES person (id);
CREATE INDEX ix_api_token_person_id ON api_token (person_id);

ALTER TABLE ticket
    ADD COLUMN topics TEXT[] DEFAULT '{}' NOT NULL,
    ADD COLUMN device varchar(40),
    ADD COLUMN e_service TEXT,
    ADD COLUMN on_behalf BOOLEAN,
    ADD COLUMN access_needs TEXT[] DEFAULT '{}' NOT NULL,
    ADD COLUMN wished_form varchar(40),
    ADD COLUMN heard_of_us varchar(40),
    ADD COLUMN non_disclosure BOOLEAN DEFAULT 'false' NOT NULL,
    ADD COLUMN name_sealed TEXT,
    ADD COLUMN email_sealed TEXT,
    ADD COLUMN email_index BYTEA,
    ADD COLUMN did_themselves varchar(40),
    ADD COLUMN minutes BIGINT,
    ADD COLUMN training_need BOOLEAN DEFAULT 'false' NOT NULL,
    ADD COLUMN feedback BIGINT,
    ADD COLUMN owner_person_id BIGINT,
    ADD COLUMN anonymised_at timestamptz,
    DROP CONSTRAINT ck_ticket_ticketstatus,
    ADD CONSTRAINT ck_ticket_ticketstatus CHECK (status IN ('open', 'unfinished', 'promised', 'calling', 'awaiting_outcome',
        'with_coordinator', 'with_owner', 'closed')),
    ADD CONSTRAINT ck_ticket_email CHECK ((email_sealed IS NULL) = (email_index IS NULL)),
    ADD CONSTRAINT ck_ticket_device CHECK (device IN ('android', 'iphone', 'ipad', 'android_tablet', 'basic_phone', 'windows',
        'mac', 'chromebook', 'printer', 'router', 'television', 'other')),
    ADD CONSTRAINT ck_ticket_helpform CHECK (wished_form IN ('phone', 'video', 'place', 'home', 'group')),
    ADD CONSTRAINT ck_ticket_heardofus CHECK (heard_of_us IN ('advert', 'letter', 'authority', 'library', 'association',
        'health', 'friend', 'web', 'radio', 'earlier', 'other')),
    ADD CONSTRAINT ck_ticket_didthemselves CHECK (did_themselves IN ('yes', 'partly', 'no')),
    ADD CONSTRAINT fk_ticket_owner_person_id FOREIGN KEY(owner_person_id) REFERENCES person (id);
CREATE INDEX ix_ticket_email ON ticket (network_id, email_index) WHERE email_index IS NOT NULL;
CREATE INDEX ix_ticket_owner ON ticket (owner_person_id, id DESC) WHERE owner_person_id IS NOT NULL;
"""


def upgrade() -> None:
    """Make and widen the tables."""
    op.execute(SCHEMA)
