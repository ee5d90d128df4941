"""Where people are sent on to, what they can come to, how many came, and material that can be trusted."""

from alembic import op

revision = "0009"
down_revision = "0008"

SCHEMA = """
CREATE TABLE referral_point (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    organisation_id BIGINT,
    code TEXT NOT NULL,
    kind VARCHAR(40) NOT NULL,
    outcome VARCHAR(40) NOT NULL,
    name_fi TEXT,
    name_sv TEXT,
    about_fi TEXT,
    about_sv TEXT,
    address_fi TEXT,
    address_sv TEXT,
    postcode TEXT,
    municipality TEXT,
    serves TEXT[] NOT NULL,
    phone TEXT,
    web TEXT,
    hours_fi TEXT,
    hours_sv TEXT,
    topics TEXT[] NOT NULL,
    owner_person_id BIGINT,
    reviewed_on DATE NOT NULL,
    review_due DATE NOT NULL,
    active BOOLEAN NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT pk_referral_point PRIMARY KEY (id),
    CONSTRAINT uq_referral_point_network_id_code UNIQUE (network_id, code),
    CONSTRAINT ck_referral_point_name CHECK (num_nonnulls(name_fi, name_sv) >= 1),
    CONSTRAINT ck_referral_point_reachable CHECK (num_nonnulls(address_fi, address_sv, phone, web) >= 1),
    CONSTRAINT ck_referral_point_where CHECK (num_nonnulls(address_fi, address_sv) = 0 OR municipality IS NOT NULL),
    CONSTRAINT ck_referral_point_referral CHECK (outcome IN ('OHJATTU_LAHI', 'OHJATTU_KOTI', 'OHJATTU_TAPAHTUMA',
        'OHJATTU_PALVELUNTARJOAJA', 'OHJATTU_VIRANOMAINEN', 'OHJATTU_HUOLTO')),
    CONSTRAINT fk_referral_point_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT fk_referral_point_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT ck_referral_point_pointkind CHECK (kind IN ('library', 'service_point', 'home_support', 'authority',
        'provider', 'repair', 'association', 'health', 'school', 'other')),
    CONSTRAINT ck_referral_point_outcome CHECK (outcome IN ('RATKAISTU', 'RATKAISTU_HETI', 'OSITTAIN_JATKOAIKA',
        'OHJATTU_LAHI', 'OHJATTU_KOTI', 'OHJATTU_TAPAHTUMA', 'OHJATTU_PALVELUNTARJOAJA', 'OHJATTU_VIRANOMAINEN',
        'OHJATTU_HUOLTO', 'SIIRRETTY', 'EI_TAVOITETTU', 'PERUTTU', 'EI_DIGITUKEA', 'EI_VOIDA_TEHDA_PUOLESTA',
        'HUIJAUSEPAILY', 'KAKSOISKAPPALE', 'HAIRINTA')),
    CONSTRAINT fk_referral_point_owner_person_id FOREIGN KEY(owner_person_id) REFERENCES person (id)
);
CREATE INDEX ix_referral_point_due ON referral_point (review_due);
CREATE INDEX ix_referral_point_organisation_id ON referral_point (organisation_id);
CREATE INDEX ix_referral_point_owner_person_id ON referral_point (owner_person_id);
CREATE TABLE gathering (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    organisation_id BIGINT,
    code TEXT NOT NULL,
    kind VARCHAR(40) NOT NULL,
    name_fi TEXT,
    name_sv TEXT,
    about_fi TEXT,
    about_sv TEXT,
    place_fi TEXT,
    place_sv TEXT,
    address_fi TEXT,
    address_sv TEXT,
    postcode TEXT,
    municipality TEXT,
    first_day DATE NOT NULL,
    rrule TEXT,
    more_days DATE[] NOT NULL,
    begins TIME NOT NULL,
    ends TIME NOT NULL,
    must_register BOOLEAN NOT NULL,
    phone TEXT,
    web TEXT,
    topics TEXT[] NOT NULL,
    languages TEXT[] NOT NULL,
    version BIGINT NOT NULL,
    changed_at timestamptz NOT NULL,
    cancelled_at timestamptz,
    CONSTRAINT pk_gathering PRIMARY KEY (id),
    CONSTRAINT uq_gathering_network_id_code UNIQUE (network_id, code),
    CONSTRAINT ck_gathering_name CHECK (num_nonnulls(name_fi, name_sv) >= 1),
    CONSTRAINT ck_gathering_hours CHECK (begins < ends),
    CONSTRAINT ck_gathering_where CHECK (num_nonnulls(address_fi, address_sv) = 0 OR municipality IS NOT NULL),
    CONSTRAINT fk_gathering_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT fk_gathering_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT ck_gathering_gatheringkind CHECK (kind IN ('tour_stop', 'event', 'drop_in', 'course'))
);
CREATE INDEX ix_gathering_organisation_id ON gathering (organisation_id);
CREATE TABLE occasion (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    gathering_id BIGINT NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    version BIGINT NOT NULL,
    changed_at timestamptz NOT NULL,
    called_off_at timestamptz,
    CONSTRAINT pk_occasion PRIMARY KEY (id),
    CONSTRAINT uq_occasion_gathering_id_starts_at UNIQUE (gathering_id, starts_at),
    CONSTRAINT ck_occasion_span CHECK (starts_at < ends_at),
    CONSTRAINT fk_occasion_gathering_id FOREIGN KEY(gathering_id) REFERENCES gathering (id)
);
CREATE INDEX ix_occasion_starts_at ON occasion (starts_at);
CREATE TABLE gathering_report (
    occasion_id BIGINT NOT NULL,
    people BIGINT NOT NULL,
    topics JSONB NOT NULL,
    languages JSONB NOT NULL,
    minutes BIGINT NOT NULL,
    volunteers BIGINT NOT NULL,
    staff BIGINT NOT NULL,
    entered_at timestamptz NOT NULL,
    entered_by TEXT NOT NULL,
    CONSTRAINT pk_gathering_report PRIMARY KEY (occasion_id),
    CONSTRAINT ck_gathering_report_counts CHECK (people >= 0 AND volunteers >= 0 AND staff >= 0 AND minutes > 0),
    CONSTRAINT fk_gathering_report_occasion_id FOREIGN KEY(occasion_id) REFERENCES occasion (id)
);
CREATE TABLE material (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    code TEXT NOT NULL,
    kind VARCHAR(40) NOT NULL,
    title TEXT NOT NULL,
    about TEXT,
    url TEXT NOT NULL,
    language TEXT NOT NULL,
    topics TEXT[] NOT NULL,
    e_service TEXT,
    owner_person_id BIGINT,
    reviewed_on DATE NOT NULL,
    review_due DATE NOT NULL,
    active BOOLEAN NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT pk_material PRIMARY KEY (id),
    CONSTRAINT uq_material_network_id_code UNIQUE (network_id, code),
    CONSTRAINT ck_material_url CHECK (starts_with(url, 'https://')),
    CONSTRAINT fk_material_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT ck_material_materialkind CHECK (kind IN ('link', 'guide', 'video', 'checklist')),
    CONSTRAINT fk_material_owner_person_id FOREIGN KEY(owner_person_id) REFERENCES person (id)
);
CREATE INDEX ix_material_due ON material (review_due);
CREATE INDEX ix_material_owner_person_id ON material (owner_person_id);
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(SCHEMA)
