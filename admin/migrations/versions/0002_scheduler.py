"""The scheduler: rota, slots, promises, attempts, jobs."""

from alembic import op

revision = "0002"
down_revision = "0001"

SCHEMA = """
CREATE TABLE job (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    about TEXT GENERATED ALWAYS AS (split_part(key, ':', 2)) STORED NOT NULL,
    payload JSONB NOT NULL,
    run_at timestamptz NOT NULL,
    state varchar(40) NOT NULL,
    attempts BIGINT NOT NULL,
    lease_until timestamptz,
    finished_at timestamptz,
    last_error TEXT,
    CONSTRAINT pk_job PRIMARY KEY (id),
    CONSTRAINT uq_job_key UNIQUE (key),
    CONSTRAINT ck_job_jobstate CHECK (state IN ('waiting', 'running', 'done', 'buried', 'cancelled'))
);
CREATE INDEX ix_job_about ON job (about) WHERE state = 'waiting';
CREATE INDEX ix_job_leased ON job (lease_until) WHERE state = 'running';
CREATE INDEX ix_job_waiting ON job (run_at) WHERE state = 'waiting';
CREATE TABLE slot (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    starts_at timestamptz NOT NULL,
    CONSTRAINT pk_slot PRIMARY KEY (id),
    CONSTRAINT uq_slot_network_id_starts_at UNIQUE (network_id, starts_at),
    CONSTRAINT fk_slot_network_id FOREIGN KEY(network_id) REFERENCES network (id)
);
CREATE TABLE shift (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    organisation_id BIGINT,
    during TSTZRANGE NOT NULL,
    phase BIGINT NOT NULL,
    needed BIGINT NOT NULL,
    most BIGINT NOT NULL,
    language varchar(40),
    kind varchar(40),
    published_at timestamptz,
    CONSTRAINT pk_shift PRIMARY KEY (id),
    CONSTRAINT ck_shift_during CHECK (NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)),
    CONSTRAINT ck_shift_places CHECK (0 <= needed AND needed <= most),
    CONSTRAINT fk_shift_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT fk_shift_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT ck_shift_language CHECK (language IN ('fi', 'sv')),
    CONSTRAINT ck_shift_helperkind CHECK (kind IN ('volunteer', 'staff'))
);
CREATE INDEX ix_shift_network_during ON shift (network_id, during);
CREATE TABLE callback (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    ticket_id BIGINT NOT NULL,
    slot_id BIGINT NOT NULL,
    network_id BIGINT NOT NULL,
    starts_at timestamptz NOT NULL,
    during TSTZRANGE NOT NULL,
    language varchar(40) NOT NULL,
    topic varchar(40),
    municipality TEXT,
    caller_mark BIGINT,
    code_sealed TEXT NOT NULL,
    state varchar(40) NOT NULL,
    assigned_helper_id BIGINT,
    booked_at timestamptz NOT NULL,
    caller_rung_at timestamptz,
    ended_at timestamptz,
    times_moved BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    CONSTRAINT pk_callback PRIMARY KEY (id),
    CONSTRAINT ex_callback_one_per_helper EXCLUDE USING gist (int8range(assigned_helper_id, assigned_helper_id,
        '[]') WITH &&, during WITH &&) WHERE (assigned_helper_id IS NOT NULL AND state IN ('promised', 'ringing',
        'talking', 'deficit')) DEFERRABLE INITIALLY IMMEDIATE,
    CONSTRAINT ex_callback_one_per_caller EXCLUDE USING gist (int8range(network_id, network_id, '[]') WITH &&,
        int8range(caller_mark, caller_mark, '[]') WITH &&, during WITH &&) WHERE (caller_mark IS NOT NULL AND state
        IN ('promised', 'ringing', 'talking', 'deficit')),
    CONSTRAINT ck_callback_during CHECK (lower(during) = starts_at),
    CONSTRAINT fk_callback_ticket_id FOREIGN KEY(ticket_id) REFERENCES ticket (id),
    CONSTRAINT fk_callback_slot_id FOREIGN KEY(slot_id) REFERENCES slot (id),
    CONSTRAINT fk_callback_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT ck_callback_language CHECK (language IN ('fi', 'sv')),
    CONSTRAINT ck_callback_topic CHECK (topic IN ('PUHELIN', 'TABLETTI', 'PERUSPUH', 'TIETOKONE', 'TULOSTIN',
        'YHTEYS', 'SOVELLUS', 'TUNNUKSET', 'TUNNIST', 'SPOSTI', 'VIDEO', 'KUVAT', 'TURVA', 'KUNTA', 'KELA',
        'OMAKANTA', 'VERO', 'SUOMIFI', 'PANKKI', 'MUUVIR', 'ALKUUN', 'HALUAN_AUTTAA', 'MUU')),
    CONSTRAINT ck_callback_callbackstate CHECK (state IN ('promised', 'ringing', 'talking', 'deficit', 'kept',
        'missed', 'cancelled', 'moved')),
    CONSTRAINT fk_callback_assigned_helper_id FOREIGN KEY(assigned_helper_id) REFERENCES helper (id)
);
CREATE INDEX ix_callback_live ON callback (network_id, starts_at) WHERE state IN ('promised', 'ringing', 'talking',
    'deficit');
CREATE INDEX ix_callback_slot_id ON callback (slot_id);
CREATE INDEX ix_callback_ticket ON callback (ticket_id);
CREATE UNIQUE INDEX uq_callback_live_per_ticket ON callback (ticket_id) WHERE state IN ('promised', 'ringing',
    'talking', 'deficit');
CREATE TABLE place (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    shift_id BIGINT NOT NULL,
    helper_id BIGINT NOT NULL,
    during TSTZRANGE NOT NULL,
    state varchar(40) NOT NULL,
    taken_at timestamptz NOT NULL,
    dropped_at timestamptz,
    CONSTRAINT pk_place PRIMARY KEY (id),
    CONSTRAINT ex_place_one_at_a_time EXCLUDE USING gist (int8range(helper_id, helper_id, '[]') WITH &&, during WITH
        &&) WHERE (state = 'held'),
    CONSTRAINT ck_place_during CHECK (NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)),
    CONSTRAINT fk_place_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT fk_place_shift_id FOREIGN KEY(shift_id) REFERENCES shift (id),
    CONSTRAINT fk_place_helper_id FOREIGN KEY(helper_id) REFERENCES helper (id),
    CONSTRAINT ck_place_placestate CHECK (state IN ('held', 'dropped'))
);
CREATE INDEX ix_place_held ON place (network_id, upper(during)) WHERE state = 'held';
CREATE INDEX ix_place_shift_id ON place (shift_id);
CREATE TABLE attempt (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    callback_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    helper_id BIGINT NOT NULL,
    state varchar(40) NOT NULL,
    call_sid TEXT,
    result varchar(40),
    intended_at timestamptz NOT NULL,
    taken_at timestamptz,
    ended_at timestamptz,
    CONSTRAINT pk_attempt PRIMARY KEY (id),
    CONSTRAINT uq_attempt_callback_id_number_helper_id UNIQUE (callback_id, number, helper_id),
    CONSTRAINT ck_attempt_ended_at CHECK ((state = 'ended') = (ended_at IS NOT NULL)),
    CONSTRAINT fk_attempt_callback_id FOREIGN KEY(callback_id) REFERENCES callback (id),
    CONSTRAINT fk_attempt_helper_id FOREIGN KEY(helper_id) REFERENCES helper (id),
    CONSTRAINT ck_attempt_attemptstate CHECK (state IN ('intended', 'ringing', 'taken', 'ended')),
    CONSTRAINT uq_attempt_call_sid UNIQUE (call_sid),
    CONSTRAINT ck_attempt_attemptresult CHECK (result IN ('VASTASI', 'EI_VASTANNUT', 'VARATTU', 'VASTAAJA',
        'VAARA_NUMERO', 'KATKESI', 'PYYSI_SIIRTOA', 'TUNNUS_EI_TASMANNYT', 'AUTTAJA_EI_VASTANNUT',
        'AUTTAJA_KIELTAYTYI'))
);
CREATE INDEX ix_attempt_helper_id ON attempt (helper_id);
CREATE UNIQUE INDEX uq_attempt_taken ON attempt (callback_id) WHERE state = 'taken';
"""


def upgrade() -> None:
    """Make the tables."""
    op.execute(SCHEMA)
