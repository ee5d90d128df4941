"""The rota grows: templates, closures, swaps, waiting, wishes, proposals; waiting callers, demand and alerts."""

from alembic import op

revision = "0004"
down_revision = "0003"

SCHEMA = """
CREATE TABLE demand (
    network_id BIGINT NOT NULL,
    language varchar(40) NOT NULL,
    weekday BIGINT NOT NULL,
    hour BIGINT NOT NULL,
    expected DOUBLE PRECISION NOT NULL,
    reckoned_at timestamptz NOT NULL,
    CONSTRAINT pk_demand PRIMARY KEY (network_id, language, weekday, hour),
    CONSTRAINT fk_demand_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT ck_demand_language CHECK (language IN ('fi', 'sv'))
);
CREATE TABLE rota_batch (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    kind varchar(40) NOT NULL,
    made_at timestamptz NOT NULL,
    actor TEXT NOT NULL,
    undone_at timestamptz,
    CONSTRAINT pk_rota_batch PRIMARY KEY (id),
    CONSTRAINT fk_rota_batch_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT ck_rota_batch_batchkind CHECK (kind IN ('publish', 'copy', 'import', 'autofill'))
);
CREATE INDEX ix_rota_batch_network_id ON rota_batch (network_id);
CREATE TABLE template (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_template PRIMARY KEY (id),
    CONSTRAINT uq_template_network_id_name UNIQUE (network_id, name),
    CONSTRAINT fk_template_network_id FOREIGN KEY(network_id) REFERENCES network (id)
);
CREATE TABLE closure (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    organisation_id BIGINT,
    during TSTZRANGE NOT NULL,
    reason TEXT NOT NULL,
    made_at timestamptz NOT NULL,
    lifted_at timestamptz,
    CONSTRAINT pk_closure PRIMARY KEY (id),
    CONSTRAINT ck_closure_during CHECK (NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)),
    CONSTRAINT fk_closure_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT fk_closure_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id)
);
CREATE INDEX ix_closure_standing ON closure (network_id, upper(during)) WHERE lifted_at IS NULL;
CREATE TABLE proposal (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    during TSTZRANGE NOT NULL,
    state varchar(40) NOT NULL,
    made_at timestamptz NOT NULL,
    actor TEXT NOT NULL,
    figures JSONB NOT NULL,
    decided_at timestamptz,
    batch_id BIGINT,
    CONSTRAINT pk_proposal PRIMARY KEY (id),
    CONSTRAINT fk_proposal_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT ck_proposal_proposalstate CHECK (state IN ('sought', 'failed', 'open', 'accepted', 'dismissed')),
    CONSTRAINT fk_proposal_batch_id FOREIGN KEY(batch_id) REFERENCES rota_batch (id)
);
CREATE INDEX ix_proposal_network_id ON proposal (network_id);
CREATE TABLE template_shift (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    template_id BIGINT NOT NULL,
    organisation_id BIGINT,
    rrule TEXT NOT NULL,
    first_day DATE NOT NULL,
    begins TIME WITHOUT TIME ZONE NOT NULL,
    ends TIME WITHOUT TIME ZONE NOT NULL,
    call_minutes BIGINT NOT NULL,
    needed BIGINT NOT NULL,
    most BIGINT NOT NULL,
    language varchar(40),
    kind varchar(40),
    helpers BIGINT[] NOT NULL,
    removed_at timestamptz,
    CONSTRAINT pk_template_shift PRIMARY KEY (id),
    CONSTRAINT ck_template_shift_places CHECK (0 <= needed AND needed <= most),
    CONSTRAINT fk_template_shift_template_id FOREIGN KEY(template_id) REFERENCES template (id),
    CONSTRAINT fk_template_shift_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT ck_template_shift_language CHECK (language IN ('fi', 'sv')),
    CONSTRAINT ck_template_shift_helperkind CHECK (kind IN ('volunteer', 'staff'))
);
CREATE INDEX ix_template_shift_template_id ON template_shift (template_id);
CREATE TABLE busy_calendar (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    helper_id BIGINT NOT NULL,
    url_sealed TEXT NOT NULL,
    added_at timestamptz NOT NULL,
    read_at timestamptz,
    failed TEXT,
    CONSTRAINT pk_busy_calendar PRIMARY KEY (id),
    CONSTRAINT uq_busy_calendar_helper_id UNIQUE (helper_id),
    CONSTRAINT fk_busy_calendar_helper_id FOREIGN KEY(helper_id) REFERENCES helper (id)
);
CREATE TABLE calendar_feed (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    helper_id BIGINT,
    organisation_id BIGINT,
    token_hash BYTEA NOT NULL,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz,
    CONSTRAINT pk_calendar_feed PRIMARY KEY (id),
    CONSTRAINT ck_calendar_feed_whose CHECK (num_nonnulls(helper_id, organisation_id) = 1),
    CONSTRAINT fk_calendar_feed_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT fk_calendar_feed_helper_id FOREIGN KEY(helper_id) REFERENCES helper (id),
    CONSTRAINT fk_calendar_feed_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT uq_calendar_feed_token_hash UNIQUE (token_hash)
);
CREATE INDEX ix_calendar_feed_helper_id ON calendar_feed (helper_id);
CREATE INDEX ix_calendar_feed_organisation_id ON calendar_feed (organisation_id);
CREATE TABLE template_exception (
    template_shift_id BIGINT NOT NULL,
    day DATE NOT NULL,
    CONSTRAINT pk_template_exception PRIMARY KEY (template_shift_id, day),
    CONSTRAINT fk_template_exception_template_shift_id FOREIGN KEY(template_shift_id) REFERENCES template_shift (id)
);
CREATE TABLE waiting (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    ticket_id BIGINT NOT NULL,
    language varchar(40) NOT NULL,
    since timestamptz NOT NULL,
    state varchar(40) NOT NULL,
    times_offered BIGINT NOT NULL,
    ended_at timestamptz,
    CONSTRAINT pk_waiting PRIMARY KEY (id),
    CONSTRAINT fk_waiting_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT fk_waiting_ticket_id FOREIGN KEY(ticket_id) REFERENCES ticket (id),
    CONSTRAINT ck_waiting_language CHECK (language IN ('fi', 'sv')),
    CONSTRAINT ck_waiting_waitingstate CHECK (state IN ('waiting', 'offered', 'booked', 'left'))
);
CREATE INDEX ix_waiting_line ON waiting (network_id, language, since) WHERE state IN ('waiting', 'offered');
CREATE UNIQUE INDEX uq_waiting_once ON waiting (ticket_id) WHERE state IN ('waiting', 'offered');
CREATE TABLE alert (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    at timestamptz NOT NULL,
    callback_id BIGINT,
    shift_id BIGINT,
    details JSONB NOT NULL,
    resolved_at timestamptz,
    seen_at timestamptz,
    seen_by TEXT,
    CONSTRAINT pk_alert PRIMARY KEY (id),
    CONSTRAINT fk_alert_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT uq_alert_key UNIQUE (key),
    CONSTRAINT fk_alert_callback_id FOREIGN KEY(callback_id) REFERENCES callback (id),
    CONSTRAINT fk_alert_shift_id FOREIGN KEY(shift_id) REFERENCES shift (id)
);
CREATE INDEX ix_alert_callback_id ON alert (callback_id);
CREATE INDEX ix_alert_shift_id ON alert (shift_id);
CREATE INDEX ix_alert_unseen ON alert (network_id, at) WHERE seen_at IS NULL;
CREATE TABLE availability (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    helper_id BIGINT NOT NULL,
    during TSTZRANGE NOT NULL,
    says varchar(40) NOT NULL,
    calendar_id BIGINT,
    CONSTRAINT pk_availability PRIMARY KEY (id),
    CONSTRAINT ck_availability_during CHECK (NOT isempty(during) AND NOT lower_inf(during) AND NOT
        upper_inf(during)),
    CONSTRAINT ck_availability_calendar CHECK ((says = 'busy') = (calendar_id IS NOT NULL)),
    CONSTRAINT fk_availability_helper_id FOREIGN KEY(helper_id) REFERENCES helper (id),
    CONSTRAINT ck_availability_says CHECK (says IN ('can', 'cannot', 'busy')),
    CONSTRAINT fk_availability_calendar_id FOREIGN KEY(calendar_id) REFERENCES busy_calendar (id)
);
CREATE INDEX ix_availability_calendar_id ON availability (calendar_id);
CREATE INDEX ix_availability_helper ON availability (helper_id, during);
CREATE TABLE proposed_gap (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    proposal_id BIGINT NOT NULL,
    shift_id BIGINT NOT NULL,
    missing BIGINT NOT NULL,
    reason TEXT NOT NULL,
    helpers BIGINT[] NOT NULL,
    language varchar(40),
    municipalities TEXT[] NOT NULL,
    CONSTRAINT pk_proposed_gap PRIMARY KEY (id),
    CONSTRAINT fk_proposed_gap_proposal_id FOREIGN KEY(proposal_id) REFERENCES proposal (id),
    CONSTRAINT fk_proposed_gap_shift_id FOREIGN KEY(shift_id) REFERENCES shift (id),
    CONSTRAINT ck_proposed_gap_language CHECK (language IN ('fi', 'sv'))
);
CREATE INDEX ix_proposed_gap_proposal_id ON proposed_gap (proposal_id);
CREATE TABLE proposed_place (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    proposal_id BIGINT NOT NULL,
    shift_id BIGINT NOT NULL,
    helper_id BIGINT NOT NULL,
    left_out BOOLEAN NOT NULL,
    by_hand BOOLEAN NOT NULL,
    CONSTRAINT pk_proposed_place PRIMARY KEY (id),
    CONSTRAINT uq_proposed_place_proposal_id_shift_id_helper_id UNIQUE (proposal_id, shift_id, helper_id),
    CONSTRAINT fk_proposed_place_proposal_id FOREIGN KEY(proposal_id) REFERENCES proposal (id),
    CONSTRAINT fk_proposed_place_shift_id FOREIGN KEY(shift_id) REFERENCES shift (id),
    CONSTRAINT fk_proposed_place_helper_id FOREIGN KEY(helper_id) REFERENCES helper (id)
);
CREATE TABLE shift_wait (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    shift_id BIGINT NOT NULL,
    helper_id BIGINT NOT NULL,
    asked_at timestamptz NOT NULL,
    state varchar(40) NOT NULL,
    skipped TEXT,
    CONSTRAINT pk_shift_wait PRIMARY KEY (id),
    CONSTRAINT fk_shift_wait_shift_id FOREIGN KEY(shift_id) REFERENCES shift (id),
    CONSTRAINT fk_shift_wait_helper_id FOREIGN KEY(helper_id) REFERENCES helper (id),
    CONSTRAINT ck_shift_wait_waitstate CHECK (state IN ('waiting', 'placed', 'left'))
);
CREATE INDEX ix_shift_wait_helper_id ON shift_wait (helper_id);
CREATE UNIQUE INDEX uq_shift_wait_once ON shift_wait (shift_id, helper_id) WHERE state = 'waiting';
CREATE TABLE rota_change (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    network_id BIGINT NOT NULL,
    at timestamptz NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    shift_id BIGINT,
    place_id BIGINT,
    helper_id BIGINT,
    batch_id BIGINT,
    details JSONB NOT NULL,
    CONSTRAINT pk_rota_change PRIMARY KEY (id),
    CONSTRAINT fk_rota_change_network_id FOREIGN KEY(network_id) REFERENCES network (id),
    CONSTRAINT fk_rota_change_shift_id FOREIGN KEY(shift_id) REFERENCES shift (id),
    CONSTRAINT fk_rota_change_place_id FOREIGN KEY(place_id) REFERENCES place (id),
    CONSTRAINT fk_rota_change_helper_id FOREIGN KEY(helper_id) REFERENCES helper (id),
    CONSTRAINT fk_rota_change_batch_id FOREIGN KEY(batch_id) REFERENCES rota_batch (id)
);
CREATE INDEX ix_rota_change_helper_id ON rota_change (helper_id);
CREATE INDEX ix_rota_change_network_at ON rota_change (network_id, at);
CREATE INDEX ix_rota_change_shift_id ON rota_change (shift_id);

ALTER TABLE network ADD COLUMN call_minutes JSONB NOT NULL DEFAULT '{}',
    ADD COLUMN swedish_release_hours BIGINT NOT NULL DEFAULT 24, ADD COLUMN alert_phone_sealed TEXT;
ALTER TABLE helper ADD COLUMN wished_per_week BIGINT, ADD COLUMN most_per_week BIGINT, ADD COLUMN rest_minutes BIGINT;
ALTER TABLE shift ADD COLUMN call_minutes BIGINT NOT NULL DEFAULT 60, ADD COLUMN cancelled_at timestamptz,
    ADD COLUMN version BIGINT NOT NULL DEFAULT 1, ADD COLUMN batch_id BIGINT, ADD COLUMN template_shift_id BIGINT,
    ADD COLUMN template_day DATE, ADD COLUMN copied_from_id BIGINT CONSTRAINT fk_shift_copied_from_id REFERENCES shift (id),
    ADD CONSTRAINT ck_shift_starts CHECK (0 < call_minutes AND 0 <= phase AND phase < call_minutes),
    ADD CONSTRAINT uq_shift_template_shift_id_template_day UNIQUE (template_shift_id, template_day),
    ADD CONSTRAINT uq_shift_copied_from_id_template_day UNIQUE (copied_from_id, template_day),
    ADD CONSTRAINT fk_shift_batch_id FOREIGN KEY(batch_id) REFERENCES rota_batch (id),
    ADD CONSTRAINT fk_shift_template_shift_id FOREIGN KEY(template_shift_id) REFERENCES template_shift (id);
CREATE INDEX ix_shift_batch_id ON shift (batch_id);
ALTER TABLE place ADD COLUMN confirmed_at timestamptz, ADD COLUMN swap_offered_at timestamptz,
    ADD COLUMN overridden BOOLEAN NOT NULL DEFAULT false, ADD COLUMN batch_id BIGINT,
    ADD CONSTRAINT fk_place_batch_id FOREIGN KEY(batch_id) REFERENCES rota_batch (id);
CREATE INDEX ix_place_batch_id ON place (batch_id);
CREATE INDEX ix_place_of_helper ON place (helper_id, upper(during)) WHERE state = 'held';

CREATE TRIGGER rota_change_append_only BEFORE UPDATE OR DELETE ON rota_change
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    """Make and widen the tables."""
    op.execute(SCHEMA)
