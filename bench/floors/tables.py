"""The tables of the floors: a minimal order with as many rows and indexes as it needs.

Order, three lines, buyer, event; looked up SKUs; and for counted stock a level and a ledger row.
They live in a database of their own on the same server, so they neither help nor hinder oms.
"""

DATABASE = "bench"

CREATE = """
CREATE TABLE sku (id bigserial PRIMARY KEY, code text NOT NULL UNIQUE);
CREATE TABLE orders (
    id bigserial PRIMARY KEY,
    public_id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    channel_id bigint NOT NULL,
    external_id text NOT NULL,
    status text NOT NULL CHECK (status IN ('CREATED', 'PAID', 'CANCELLED')),
    currency text NOT NULL,
    country text NOT NULL,
    city text NOT NULL,
    postcode text NOT NULL,
    remark text NOT NULL,
    goods_total numeric(18, 4) NOT NULL,
    placed_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    due_at timestamptz,
    UNIQUE (channel_id, external_id)
);
CREATE INDEX ON orders (channel_id, placed_at, id);
CREATE INDEX ON orders (status, placed_at, id);
CREATE INDEX ON orders (due_at, id) WHERE due_at IS NOT NULL;
CREATE TABLE line (
    id bigserial PRIMARY KEY,
    order_id bigint NOT NULL REFERENCES orders,
    position int NOT NULL,
    external_id text NOT NULL,
    sku_id bigint REFERENCES sku,
    sku_code text NOT NULL,
    name text NOT NULL,
    unit_price numeric(16, 4) NOT NULL,
    quantity int NOT NULL CHECK (quantity > 0),
    UNIQUE (order_id, external_id)
);
CREATE TABLE buyer (
    order_id bigint PRIMARY KEY REFERENCES orders,
    contact bytea NOT NULL,
    raw_body bytea NOT NULL,
    email_hash bytea NOT NULL
);
CREATE INDEX ON buyer (email_hash);
CREATE TABLE event (
    id bigserial PRIMARY KEY,
    type text NOT NULL,
    subject_id bigint NOT NULL,
    sequence int NOT NULL,
    data jsonb NOT NULL,
    occurred_at timestamptz NOT NULL DEFAULT now(),
    position bigint,
    UNIQUE (subject_id, sequence)
);
CREATE INDEX ON event (id) WHERE position IS NULL;
CREATE TABLE level (
    id bigserial PRIMARY KEY,
    sku_id bigint NOT NULL,
    point_id bigint NOT NULL,
    on_hand int NOT NULL CHECK (on_hand >= 0),
    reserved int NOT NULL DEFAULT 0,
    counted_at timestamptz,
    UNIQUE (sku_id, point_id)
);
CREATE INDEX ON level (point_id, sku_id);
CREATE TABLE movement (
    id bigserial PRIMARY KEY,
    level_id bigint NOT NULL,
    kind text NOT NULL,
    on_hand_delta int NOT NULL,
    reserved_delta int NOT NULL,
    cause text NOT NULL,
    actor text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON movement (level_id, id DESC);
"""

# The whole order in one statement. Parameters: number, status, currency, country, city, postcode,
# remark, total, milliseconds; then one list each of line ids, SKU codes, names, prices and
# quantities; then contact, body and the e-mail's hash.
PLACE = """
WITH placed AS (
    INSERT INTO orders (channel_id, external_id, status, currency, country, city, postcode, remark,
                        goods_total, placed_at, due_at)
    VALUES (1, {0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}, to_timestamp({8}::float8 / 1000), now())
    ON CONFLICT (channel_id, external_id) DO NOTHING
    RETURNING id
), lines AS (
    INSERT INTO line (order_id, position, external_id, sku_id, sku_code, name, unit_price, quantity)
    SELECT placed.id, l.position, l.external_id, sku.id, l.code, l.name, l.price, l.quantity
    FROM placed CROSS JOIN unnest({9}::text[], {10}::text[], {11}::text[], {12}::numeric[],
                                  {13}::int[])
         WITH ORDINALITY AS l (external_id, code, name, price, quantity, position)
    LEFT JOIN sku ON sku.code = l.code
), buyers AS (
    INSERT INTO buyer (order_id, contact, raw_body, email_hash)
    SELECT id, {14}, {15}, {16} FROM placed
), events AS (
    INSERT INTO event (type, subject_id, sequence, data)
    SELECT 'order.placed', id, 1, jsonb_build_object('order', {0}) FROM placed
)
SELECT id FROM placed
"""
_TYPES = (
    *("text",) * 7, "numeric", "bigint", "text[]", "text[]", "text[]", "numeric[]", "int[]",
    *("bytea",) * 3,
)  # fmt: skip

# A function, because Django sends its parameters as text inside the statement: the plan is kept.
_ARGUMENTS = [f"${n}" for n in range(1, len(_TYPES) + 1)]
_INTO = PLACE.format(*_ARGUMENTS).rpartition("SELECT id FROM placed")[0]
FUNCTION = f"""
CREATE FUNCTION place_order({", ".join(_TYPES)}) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE found bigint;
BEGIN
    {_INTO} SELECT id INTO found FROM placed;
    RETURN found;
END $$;
"""
CALL = f"SELECT place_order({', '.join(f'%s::{kind}' for kind in _TYPES)})"
ONE_STATEMENT = PLACE.format(*(f"%({n})s" for n in range(len(_TYPES))))

FILL = """
INSERT INTO sku (code) SELECT 'BENCH-SKU-' || lpad(n::text, 5, '0')
FROM generate_series(0, %(skus)s::int - 1) AS n;
INSERT INTO orders (channel_id, external_id, status, currency, country, city, postcode, remark,
                    goods_total, placed_at)
SELECT 1, 'FILL-' || n, 'CANCELLED', 'SGD', 'SG', 'Singapore', '048624', '', 89.7,
       now() - n * interval '1 minute'
FROM generate_series(1, %(orders)s::int) AS n;
INSERT INTO line (order_id, position, external_id, sku_id, sku_code, name, unit_price, quantity)
SELECT o.id, p, o.external_id || '-' || p, s.id, s.code, 'Benchmark article', 29.9, 1
FROM orders o CROSS JOIN generate_series(1, 3) AS p
JOIN sku s ON s.id = 1 + (o.id * 7 + p) %% %(skus)s;
INSERT INTO buyer (order_id, contact, raw_body, email_hash)
SELECT id, decode(repeat('ab', 400), 'hex'), decode(repeat('cd', 1800), 'hex'),
       sha256(external_id::bytea)
FROM orders;
INSERT INTO event (type, subject_id, sequence, data, position)
SELECT 'order.placed', id, 1, jsonb_build_object('order', external_id), id FROM orders;
"""
