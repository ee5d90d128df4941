"""The ticket store: networks and their people, tickets, their events and recordings, API keys."""

from alembic import op

revision = "0001"
down_revision = None

SCHEMA = """
CREATE TABLE network (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    name TEXT NOT NULL,
    boundaries JSONB NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_network PRIMARY KEY (id),
    CONSTRAINT uq_network_name UNIQUE (name)
);
CREATE TABLE line (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    e164 TEXT NOT NULL,
    name TEXT NOT NULL,
    first_language varchar(40) NOT NULL,
    municipality TEXT,
    active BOOLEAN NOT NULL,
    CONSTRAINT pk_line PRIMARY KEY (id),
    CONSTRAINT fk_line_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT uq_line_e164 UNIQUE (e164),
    CONSTRAINT ck_line_language CHECK (first_language IN ('fi', 'sv'))
);
CREATE TABLE organisation (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    serves TEXT[] NOT NULL,
    agreed TEXT[] NOT NULL,
    boundaries JSONB NOT NULL,
    CONSTRAINT pk_organisation PRIMARY KEY (id),
    CONSTRAINT uq_organisation_network_id_name UNIQUE (network_id, name),
    CONSTRAINT fk_organisation_network_id FOREIGN KEY(network_id) REFERENCES network (id)
);
CREATE TABLE helper (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    organisation_id BIGINT NOT NULL,
    name_sealed TEXT NOT NULL,
    phone_sealed TEXT NOT NULL,
    phone_index BYTEA NOT NULL,
    languages TEXT[] NOT NULL,
    kind varchar(40) NOT NULL,
    badge_expires_on DATE,
    rules_accepted BOOLEAN NOT NULL,
    active BOOLEAN NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_helper PRIMARY KEY (id),
    CONSTRAINT uq_helper_network_id_phone_index UNIQUE (network_id, phone_index),
    CONSTRAINT fk_helper_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT fk_helper_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT ck_helper_helperkind CHECK (kind IN ('volunteer', 'staff'))
);
CREATE INDEX ix_helper_organisation_id ON helper (organisation_id);
CREATE TABLE ticket (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    line_id BIGINT,
    code TEXT NOT NULL,
    intake_key TEXT NOT NULL,
    matter TEXT NOT NULL,
    channel varchar(40) NOT NULL,
    status varchar(40) NOT NULL,
    language varchar(40) NOT NULL,
    topic varchar(40),
    municipality TEXT,
    caller_sealed TEXT,
    caller_index BYTEA,
    can_text BOOLEAN NOT NULL,
    text_sealed TEXT,
    outcome varchar(40),
    owner_organisation_id BIGINT,
    deadline timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    closed_at timestamptz,
    CONSTRAINT pk_ticket PRIMARY KEY (id),
    CONSTRAINT ck_ticket_closed_at CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
    CONSTRAINT ck_ticket_caller CHECK ((caller_sealed IS NULL) = (caller_index IS NULL)),
    CONSTRAINT fk_ticket_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT fk_ticket_line_id FOREIGN KEY(line_id) REFERENCES line (id),
    CONSTRAINT uq_ticket_code UNIQUE (code),
    CONSTRAINT uq_ticket_intake_key UNIQUE (intake_key),
    CONSTRAINT ck_ticket_channel CHECK (channel IN ('puhelin', 'lomake', 'sahkoposti', 'neuvoja', 'tekstiviesti')),
    CONSTRAINT ck_ticket_ticketstatus CHECK (status IN ('open', 'unfinished', 'promised', 'calling',
        'awaiting_outcome', 'with_coordinator', 'closed')),
    CONSTRAINT ck_ticket_language CHECK (language IN ('fi', 'sv')),
    CONSTRAINT ck_ticket_topic CHECK (topic IN ('PUHELIN', 'TABLETTI', 'PERUSPUH', 'TIETOKONE', 'TULOSTIN',
        'YHTEYS', 'SOVELLUS', 'TUNNUKSET', 'TUNNIST', 'SPOSTI', 'VIDEO', 'KUVAT', 'TURVA', 'KUNTA', 'KELA',
        'OMAKANTA', 'VERO', 'SUOMIFI', 'PANKKI', 'MUUVIR', 'ALKUUN', 'HALUAN_AUTTAA', 'MUU')),
    CONSTRAINT ck_ticket_outcome CHECK (outcome IN ('RATKAISTU', 'RATKAISTU_HETI', 'OSITTAIN_JATKOAIKA',
        'OHJATTU_LAHI', 'OHJATTU_KOTI', 'OHJATTU_TAPAHTUMA', 'OHJATTU_PALVELUNTARJOAJA', 'OHJATTU_VIRANOMAINEN',
        'OHJATTU_HUOLTO', 'SIIRRETTY', 'EI_TAVOITETTU', 'PERUTTU', 'EI_DIGITUKEA', 'EI_VOIDA_TEHDA_PUOLESTA',
        'HUIJAUSEPAILY', 'KAKSOISKAPPALE', 'HAIRINTA')),
    CONSTRAINT fk_ticket_owner_organisation_id FOREIGN KEY(owner_organisation_id) REFERENCES organisation (id)
);
CREATE INDEX ix_ticket_caller ON ticket (network_id, caller_index);
CREATE INDEX ix_ticket_newest ON ticket (network_id, id DESC);
CREATE UNIQUE INDEX uq_ticket_open_matter ON ticket (line_id, caller_index, matter) WHERE status <> 'closed';
CREATE TABLE api_token (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    helper_id BIGINT,
    role varchar(40) NOT NULL,
    token_hash BYTEA NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz,
    CONSTRAINT pk_api_token PRIMARY KEY (id),
    CONSTRAINT fk_api_token_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT fk_api_token_helper_id FOREIGN KEY(helper_id) REFERENCES helper (id),
    CONSTRAINT ck_api_token_role CHECK (role IN ('neuvoja', 'opastaja', 'digitukija', 'jasen', 'yhdyshenkilo',
        'koordinaattori', 'aluekoordinaattori', 'tietosuojavastaava', 'paakayttaja')),
    CONSTRAINT uq_api_token_token_hash UNIQUE (token_hash)
);
CREATE TABLE recording (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    call_sid TEXT NOT NULL,
    turn BIGINT NOT NULL,
    recording_sid TEXT NOT NULL,
    ticket_id BIGINT,
    duration_s BIGINT,
    state varchar(40) NOT NULL,
    media_sealed BYTEA,
    media_type TEXT,
    discarded BOOLEAN NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_recording PRIMARY KEY (id),
    CONSTRAINT ck_recording_media CHECK ((state = 'stored') = (media_sealed IS NOT NULL)),
    CONSTRAINT uq_recording_recording_sid UNIQUE (recording_sid),
    CONSTRAINT fk_recording_ticket_id FOREIGN KEY(ticket_id) REFERENCES ticket (id),
    CONSTRAINT ck_recording_recordingstate CHECK (state IN ('announced', 'stored', 'absent', 'erased'))
);
CREATE INDEX ix_recording_call_sid ON recording (call_sid);
CREATE INDEX ix_recording_ticket_id ON recording (ticket_id);
CREATE TABLE ticket_event (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    ticket_id BIGINT NOT NULL,
    at timestamptz NOT NULL,
    kind varchar(40) NOT NULL,
    actor TEXT NOT NULL,
    details JSONB NOT NULL,
    key TEXT,
    CONSTRAINT pk_ticket_event PRIMARY KEY (id),
    CONSTRAINT fk_ticket_event_ticket_id FOREIGN KEY(ticket_id) REFERENCES ticket (id),
    CONSTRAINT uq_ticket_event_key UNIQUE (key)
);
CREATE INDEX ix_ticket_event_ticket_id ON ticket_event (ticket_id);

CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('digilinja.resealing', true) = 'on' THEN RETURN NEW; END IF;
    RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME;
END $$;
CREATE TRIGGER ticket_event_append_only BEFORE UPDATE OR DELETE ON ticket_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(SCHEMA)
