"""Signing in: codes, who is signed in on which device, accounts of organisations, and the language that somebody reads."""

from alembic import op

revision = "0020"
down_revision = "0019"

SCHEMA = """
ALTER TABLE person ADD COLUMN page_language VARCHAR(40),
    ADD CONSTRAINT ck_person_pagelanguage CHECK (page_language IN ('fi', 'sv', 'en'));

CREATE TABLE sign_in_code (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    address_sealed TEXT NOT NULL,
    address_index BYTEA NOT NULL,
    seed BYTEA NOT NULL,
    language VARCHAR(40) NOT NULL,
    tries BIGINT NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    sent_at timestamptz,
    proved_at timestamptz,
    used_at timestamptz,
    CONSTRAINT pk_sign_in_code PRIMARY KEY (id),
    CONSTRAINT ck_sign_in_code_written CHECK (language IN ('fi', 'sv', 'en'))
);
CREATE INDEX ix_sign_in_code_address_index ON sign_in_code (address_index);

CREATE TABLE sign_in (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    person_id BIGINT,
    token_id BIGINT,
    how VARCHAR(40) NOT NULL,
    secret_hash BYTEA NOT NULL,
    device TEXT NOT NULL,
    remembered BOOLEAN NOT NULL,
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT pk_sign_in PRIMARY KEY (id),
    CONSTRAINT ck_sign_in_whose CHECK (num_nonnulls(person_id, token_id) > 0),
    CONSTRAINT fk_sign_in_person_id FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_sign_in_token_id FOREIGN KEY(token_id) REFERENCES api_token (id) ON DELETE CASCADE,
    CONSTRAINT ck_sign_in_how CHECK (how IN ('code', 'organisation', 'key', 'demo')),
    CONSTRAINT uq_sign_in_secret_hash UNIQUE (secret_hash)
);
CREATE INDEX ix_sign_in_person_id ON sign_in (person_id);
CREATE INDEX ix_sign_in_token_id ON sign_in (token_id);

CREATE TABLE outside_account (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    person_id BIGINT NOT NULL,
    issuer TEXT NOT NULL,
    subject_index BYTEA NOT NULL,
    bound_at timestamptz NOT NULL,
    CONSTRAINT pk_outside_account PRIMARY KEY (id),
    CONSTRAINT uq_outside_account_issuer_person_id UNIQUE (issuer, person_id),
    CONSTRAINT fk_outside_account_person_id FOREIGN KEY(person_id) REFERENCES person (id)
);
CREATE INDEX ix_outside_account_person_id ON outside_account (person_id);
CREATE INDEX ix_outside_account_subject ON outside_account (issuer, subject_index);
"""


def upgrade() -> None:
    """Make them."""
    op.execute(SCHEMA)
