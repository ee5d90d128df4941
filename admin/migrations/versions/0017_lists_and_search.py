"""Tickets found by their words and listed by what is known of them; saved lists, e-services, what callers were given."""

from alembic import op

revision = "0017"
down_revision = "0016"

SCHEMA = """
CREATE TABLE ticket_word (
    network_id BIGINT NOT NULL,
    word BIGINT NOT NULL,
    ticket_id BIGINT NOT NULL,
    CONSTRAINT pk_ticket_word PRIMARY KEY (network_id, word, ticket_id),
    CONSTRAINT fk_ticket_word_ticket_id FOREIGN KEY(ticket_id) REFERENCES ticket (id)
);
CREATE INDEX ix_ticket_word_ticket_id ON ticket_word (ticket_id);
CREATE TABLE network_e_service (
    network_id BIGINT NOT NULL,
    code TEXT NOT NULL,
    name_fi TEXT NOT NULL,
    name_sv TEXT NOT NULL,
    topic VARCHAR(40) NOT NULL,
    active BOOLEAN NOT NULL,
    CONSTRAINT pk_network_e_service PRIMARY KEY (network_id, code),
    CONSTRAINT fk_network_e_service_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT ck_network_e_service_topic CHECK (topic IN ('PUHELIN', 'TABLETTI', 'PERUSPUH', 'TIETOKONE', 'TULOSTIN', 'YHTEYS', 'SOVELLUS', 'TUNNUKSET',
        'TUNNIST', 'SPOSTI', 'VIDEO', 'KUVAT', 'TURVA', 'KUNTA', 'KELA', 'OMAKANTA', 'VERO', 'SUOMIFI',
        'PANKKI', 'MUUVIR', 'ALKUUN', 'HALUAN_AUTTAA', 'MUU'))
);
CREATE TABLE saved_view (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    person_id BIGINT,
    name TEXT NOT NULL,
    filters JSONB NOT NULL,
    said_sealed TEXT,
    saved_at timestamptz NOT NULL,
    CONSTRAINT pk_saved_view PRIMARY KEY (id),
    CONSTRAINT fk_saved_view_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT fk_saved_view_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE INDEX ix_saved_view_person_id ON saved_view (person_id);
CREATE UNIQUE INDEX uq_saved_view ON saved_view (network_id, coalesce(person_id, 0), name);
CREATE TABLE material_given (
    ticket_id BIGINT NOT NULL,
    material_id BIGINT NOT NULL,
    given_at timestamptz NOT NULL,
    CONSTRAINT pk_material_given PRIMARY KEY (ticket_id, material_id),
    CONSTRAINT fk_material_given_ticket_id FOREIGN KEY(ticket_id) REFERENCES ticket (id),
    CONSTRAINT fk_material_given_material_id FOREIGN KEY(material_id) REFERENCES material (id)
);
CREATE INDEX ix_material_given_material_id ON material_given (material_id);

ALTER TABLE recording ADD COLUMN transcript_sealed TEXT;
DROP INDEX ix_ticket_newest;
DROP INDEX ix_ticket_owner;
CREATE INDEX ix_ticket_owner ON ticket (owner_person_id, id DESC)
    INCLUDE (network_id, closed_at, status, language, municipality, channel, outcome, owner_organisation_id, non_disclosure, deadline, created_at)
    WHERE owner_person_id IS NOT NULL;
CREATE INDEX ix_ticket_by_channel ON ticket (network_id, channel, id DESC)
    INCLUDE (status, language, municipality, outcome, owner_organisation_id, owner_person_id, non_disclosure, deadline, created_at);
CREATE INDEX ix_ticket_by_language ON ticket (network_id, language, id DESC)
    INCLUDE (status, municipality, channel, outcome, owner_organisation_id, owner_person_id, non_disclosure, deadline, created_at);
CREATE INDEX ix_ticket_by_municipality ON ticket (network_id, municipality, id DESC)
    INCLUDE (status, language, channel, outcome, owner_organisation_id, owner_person_id, non_disclosure, deadline, created_at);
CREATE INDEX ix_ticket_by_organisation ON ticket (network_id, owner_organisation_id, id DESC)
    INCLUDE (status, language, municipality, channel, outcome, owner_person_id, non_disclosure, deadline, created_at);
CREATE INDEX ix_ticket_by_outcome ON ticket (network_id, outcome, id DESC)
    INCLUDE (status, language, municipality, channel, owner_organisation_id, owner_person_id, non_disclosure, deadline, created_at);
CREATE INDEX ix_ticket_by_status ON ticket (network_id, status, id DESC)
    INCLUDE (language, municipality, channel, outcome, owner_organisation_id, owner_person_id, non_disclosure, deadline, created_at);
CREATE INDEX ix_ticket_created ON ticket (network_id, created_at);
CREATE INDEX ix_ticket_due ON ticket (network_id, deadline) WHERE deadline IS NOT NULL;
CREATE INDEX ix_ticket_newest ON ticket (network_id, id DESC)
    INCLUDE (status, language, municipality, channel, outcome, owner_organisation_id, owner_person_id, non_disclosure, deadline, created_at);
CREATE INDEX ix_ticket_open ON ticket (network_id, id DESC)
    INCLUDE (status, language, municipality, channel, outcome, owner_organisation_id, owner_person_id, non_disclosure, deadline, created_at) WHERE status <> 'closed';
"""


def upgrade() -> None:
    """Make and widen the tables."""
    op.execute(SCHEMA)
