"""Places held for callers who wait; texts to helpers and about alerts; calls with offers, changed times and helpers."""

from alembic import op

revision = "0007"
down_revision = "0006"

SCHEMA = """
ALTER TABLE callback ADD COLUMN held_until timestamptz,
    DROP CONSTRAINT ck_callback_callbackstate,
    DROP CONSTRAINT ex_callback_one_per_helper,
    DROP CONSTRAINT ex_callback_one_per_caller;
DROP INDEX ix_callback_live;
DROP INDEX uq_callback_live_per_ticket;
ALTER TABLE callback
    ADD CONSTRAINT ck_callback_callbackstate CHECK (state IN ('offered', 'promised', 'ringing', 'talking', 'deficit',
        'kept', 'missed', 'cancelled', 'moved', 'lapsed')),
    ADD CONSTRAINT ck_callback_held_until CHECK (state <> 'offered' OR held_until IS NOT NULL),
    ADD CONSTRAINT ex_callback_one_per_helper EXCLUDE USING gist (int8range(assigned_helper_id, assigned_helper_id,
        '[]') WITH &&, during WITH &&) WHERE (assigned_helper_id IS NOT NULL AND state IN ('offered', 'promised', 'ringing',
        'talking', 'deficit')) DEFERRABLE INITIALLY IMMEDIATE,
    ADD CONSTRAINT ex_callback_one_per_caller EXCLUDE USING gist (int8range(network_id, network_id, '[]') WITH &&,
        int8range(caller_mark, caller_mark, '[]') WITH &&, during WITH &&) WHERE (caller_mark IS NOT NULL AND state IN ('offered', 'promised', 'ringing',
        'talking', 'deficit'));
CREATE INDEX ix_callback_live ON callback (network_id, starts_at) WHERE state IN ('offered', 'promised', 'ringing',
        'talking', 'deficit');
CREATE UNIQUE INDEX uq_callback_live_per_ticket ON callback (ticket_id) WHERE state IN ('offered', 'promised', 'ringing',
        'talking', 'deficit');

ALTER TABLE message ALTER COLUMN ticket_id DROP NOT NULL, ADD COLUMN helper_id BIGINT, ADD COLUMN alert_id BIGINT,
    ADD CONSTRAINT ck_message_about CHECK (num_nonnulls(ticket_id, helper_id, alert_id) = 1),
    ADD CONSTRAINT fk_message_helper_id FOREIGN KEY(helper_id) REFERENCES helper (id),
    ADD CONSTRAINT fk_message_alert_id FOREIGN KEY(alert_id) REFERENCES alert (id);
CREATE INDEX ix_message_helper_id ON message (helper_id);
CREATE INDEX ix_message_alert_id ON message (alert_id);

ALTER TABLE call DROP CONSTRAINT ck_call_part,
    ADD CONSTRAINT ck_call_part CHECK (part IN ('caller', 'helper', 'resident', 'announcement', 'offer', 'change',
        'helper_line'));
"""


def upgrade() -> None:
    """Widen the tables."""
    op.execute(SCHEMA)
