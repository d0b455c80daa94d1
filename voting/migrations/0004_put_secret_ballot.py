"""The function that puts a secret ballot into the box, in a subtransaction of its own.

A block with an EXCEPTION clause is a subtransaction: the ballot's row bears another transaction
number than the row of turnout beside it. As a function it is one statement instead of three.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION voting_put_secret_ballot(
    new_id uuid, poll bigint, new_mark text, given jsonb, former uuid, way text, place bigint
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    BEGIN
        INSERT INTO voting_ballot
            (id, poll_id, secrecy, turnout_id, mark, answers, replaces_id, channel, area_id)
        VALUES (new_id, poll, 'secret', NULL, new_mark, given, former, way, place);
    EXCEPTION WHEN unique_violation THEN
        RAISE;
    END;
END
$$
"""
DROP = (
    "DROP FUNCTION voting_put_secret_ballot(uuid, bigint, text, jsonb, uuid, text, bigint)"
)


class Migration(migrations.Migration):
    dependencies = [("voting", "0003_margins")]

    operations = [migrations.RunSQL(CREATE, DROP)]
