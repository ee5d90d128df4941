"""Every helper is a person who can sign in; the network's rules and who accepted them; the notice board; what was changed."""

from alembic import op

revision = "0010"
down_revision = "0009"

SCHEMA = """
CREATE TABLE network_rules (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    text_fi TEXT NOT NULL,
    text_sv TEXT,
    required_from DATE,
    published_at timestamptz NOT NULL,
    published_by TEXT NOT NULL,
    CONSTRAINT pk_network_rules PRIMARY KEY (id),
    CONSTRAINT uq_network_rules_network_id_version UNIQUE (network_id, version),
    CONSTRAINT fk_network_rules_network_id FOREIGN KEY(network_id) REFERENCES network (id)
);
CREATE TABLE rules_acceptance (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    rules_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    accepted_at timestamptz NOT NULL,
    CONSTRAINT pk_rules_acceptance PRIMARY KEY (id),
    CONSTRAINT uq_rules_acceptance_rules_id_person_id UNIQUE (rules_id, person_id),
    CONSTRAINT fk_rules_acceptance_rules_id FOREIGN KEY(rules_id) REFERENCES network_rules (id),
    CONSTRAINT fk_rules_acceptance_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE INDEX ix_rules_acceptance_person_id ON rules_acceptance (person_id);
CREATE TABLE board_post (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    person_id BIGINT,
    author TEXT NOT NULL,
    title_sealed TEXT NOT NULL,
    text_sealed TEXT NOT NULL,
    pinned_until DATE,
    posted_at timestamptz NOT NULL,
    edited_at timestamptz,
    removed_at timestamptz,
    CONSTRAINT pk_board_post PRIMARY KEY (id),
    CONSTRAINT fk_board_post_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT fk_board_post_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE INDEX ix_board_post_newest ON board_post (network_id, id DESC) WHERE removed_at IS NULL;
CREATE INDEX ix_board_post_person_id ON board_post (person_id);
CREATE TABLE people_change (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    at timestamptz NOT NULL,
    actor TEXT NOT NULL,
    kind VARCHAR(40) NOT NULL,
    person_id BIGINT,
    organisation_id BIGINT,
    details JSONB NOT NULL,
    CONSTRAINT pk_people_change PRIMARY KEY (id),
    CONSTRAINT fk_people_change_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT ck_people_change_peoplechangekind CHECK (kind IN ('added', 'edited', 'role_given', 'commitment_signed',
        'left', 'came_back', 'helper_changed', 'organisation_added', 'organisation_changed', 'boundaries_changed',
        'rights_changed', 'rules_published', 'rules_changed', 'rules_accepted')),
    CONSTRAINT fk_people_change_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_people_change_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
);
CREATE INDEX ix_people_change_newest ON people_change (network_id, id DESC);
CREATE INDEX ix_people_change_person_id ON people_change (person_id);
CREATE TRIGGER rules_acceptance_append_only BEFORE UPDATE OR DELETE ON rules_acceptance
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER people_change_append_only BEFORE UPDATE OR DELETE ON people_change
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE helper ADD COLUMN rules_due_on DATE;
ALTER TABLE alert ADD COLUMN helper_id BIGINT,
    ADD CONSTRAINT fk_alert_helper_id FOREIGN KEY(helper_id) REFERENCES helper (id);
CREATE INDEX ix_alert_helper_id ON alert (helper_id);
CREATE INDEX ix_callback_helper ON callback (assigned_helper_id) WHERE assigned_helper_id IS NOT NULL;

INSERT INTO person (network_id, organisation_id, helper_id, role, active, created_at)
SELECT network_id, organisation_id, id, CASE kind WHEN 'staff' THEN 'digitukija' ELSE 'opastaja' END, active, created_at
FROM helper h WHERE NOT EXISTS (SELECT FROM person p WHERE p.helper_id = h.id) ORDER BY id;
"""


def upgrade() -> None:
    """Make and fill the tables."""
    op.execute(SCHEMA)
