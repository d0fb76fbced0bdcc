SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

SET LOCAL citus.propagate_set_commands TO 'local';

SET LOCAL DateStyle TO 'ISO';

SET LOCAL TimeZone TO 'UTC';

SET LOCAL enable_nestloop TO off;

SET LOCAL work_mem TO '64MB';

CREATE TABLE "programas" ( "id" bigint NOT NULL, "nome" text, "_hash" bytea NOT NULL, "_source_id" bigint NOT NULL, "_row" integer, "_raw" bytea, "_operation" text NOT NULL DEFAULT 'insert', "_changes" jsonb, "_vanished_at" timestamp with time zone );

SELECT create_reference_table('"programas"');

SELECT (count(*) - count(DISTINCT "id" ))::int AS n FROM "programas";

CREATE UNLOGGED TABLE "_refused_keys_N" (key bigint, outcome text NOT NULL);

SELECT create_reference_table('"_refused_keys_N"');

INSERT INTO "_refused_keys_N" SELECT key, outcome FROM "_refused_N" WHERE key IS NOT NULL;

SELECT count(*)::int AS n FROM "programas";

CREATE UNLOGGED TABLE "_changes_N" (key bigint, operation text, changes jsonb);

SELECT create_reference_table('"_changes_N"');

SELECT s."id"::text AS id FROM "programas" s LIMIT $1;

CREATE TABLE "propostas" ( "id" bigint NOT NULL, "uf" text, "valor" numeric(18,2), "dia" date, "programa" bigint, "_hash" bytea NOT NULL, "_source_id" bigint NOT NULL, "_row" integer, "_raw" bytea, "_operation" text NOT NULL DEFAULT 'insert', "_changes" jsonb, "_vanished_at" timestamp with time zone );

SELECT create_distributed_table('"propostas"', 'id');

SELECT (count(*) - count(DISTINCT "id" ))::int AS n FROM "propostas";

SELECT count(*)::int AS n FROM (SELECT "programa", _source_id, _row FROM "propostas") c WHERE "c"."programa" IS NOT NULL;

CREATE TEMP TABLE _orphans ON COMMIT DROP AS SELECT "c"."programa"::text AS value, c._source_id AS source_id, c._row AS row_number FROM (SELECT "programa", _source_id, _row FROM "propostas") c WHERE "c"."programa" IS NOT NULL AND NOT EXISTS ( SELECT FROM (SELECT "id"::text AS value, 0 AS standing FROM "programas" WHERE "id" IS NOT NULL UNION ALL SELECT key::text AS value, CASE outcome WHEN 'rejected' THEN 1 ELSE 2 END AS standing FROM "_refused_keys_N" WHERE key IS NOT NULL) p WHERE p.standing = 0 AND p.value = "c"."programa"::text);

DELETE FROM "propostas" c WHERE "c"."programa" IS NOT NULL AND NOT EXISTS ( SELECT FROM (SELECT "id"::text AS value, 0 AS standing FROM "programas" WHERE "id" IS NOT NULL UNION ALL SELECT key::text AS value, CASE outcome WHEN 'rejected' THEN 1 ELSE 2 END AS standing FROM "_refused_keys_N" WHERE key IS NOT NULL) p WHERE p.standing = 0 AND p.value = "c"."programa"::text) RETURNING c._source_id::text AS source_id, c._row AS row_number, "c"."id"::text AS key;

SELECT create_distributed_table('"_refused_keys_N"', 'key', colocate_with => '"propostas"');

SELECT count(*)::int AS n FROM "propostas";

SELECT create_distributed_table('"_changes_N"', 'key', colocate_with => '"propostas"');

SELECT s."id"::text AS id FROM "propostas" s LIMIT $1;

CREATE TABLE "apoiadores" ( "proposta" text, "ordem" text, "programa" bigint, "nome" text, "_key" text NOT NULL, "_hash" bytea NOT NULL, "_source_id" bigint NOT NULL, "_row" integer, "_raw" bytea, "_operation" text NOT NULL DEFAULT 'insert', "_changes" jsonb, "_vanished_at" timestamp with time zone );

COMMENT ON COLUMN "apoiadores"."_key" IS 'key: proposta, ordem';

SELECT create_distributed_table('"apoiadores"', '_key');

SELECT (count(*) - count(DISTINCT "_key" ))::int AS n FROM "apoiadores";

CREATE UNLOGGED TABLE "_refused_keys_N" (key text, outcome text NOT NULL);

SELECT create_distributed_table('"_refused_keys_N"', 'key', colocate_with => '"apoiadores"');

SELECT count(*)::int AS n FROM "apoiadores";

CREATE UNLOGGED TABLE "_changes_N" (key text, operation text, changes jsonb);

SELECT create_distributed_table('"_changes_N"', 'key', colocate_with => '"apoiadores"');

SELECT s."_key" AS id FROM "apoiadores" s LIMIT $1;

SELECT count(*)::int AS n FROM (SELECT "programa", _source_id, _row FROM "apoiadores") c WHERE "c"."programa" IS NOT NULL;

CREATE TEMP TABLE _orphans ON COMMIT DROP AS SELECT "c"."programa"::text AS value, c._source_id AS source_id, c._row AS row_number FROM (SELECT "programa", _source_id, _row FROM "apoiadores") c WHERE "c"."programa" IS NOT NULL AND NOT EXISTS ( SELECT FROM (SELECT "id"::text AS value, 0 AS standing FROM "programas" WHERE "id" IS NOT NULL UNION ALL SELECT key::text AS value, CASE outcome WHEN 'rejected' THEN 1 ELSE 2 END AS standing FROM "_refused_keys_N" WHERE key IS NOT NULL) p WHERE p.standing = 0 AND p.value = "c"."programa"::text);

SELECT k.place, count(*)::int AS n FROM _orphans o LEFT JOIN (SELECT value, min(standing) AS place FROM (SELECT value, standing FROM (SELECT "id"::text AS value, 0 AS standing FROM "programas" WHERE "id" IS NOT NULL UNION ALL SELECT key::text AS value, CASE outcome WHEN 'rejected' THEN 1 ELSE 2 END AS standing FROM "_refused_keys_N" WHERE key IS NOT NULL) u WHERE standing > 0) u GROUP BY value) k ON k.value = o.value GROUP BY k.place;

SELECT o.value, o.source_id::text AS "sourceId", o.row_number AS row, min(k.standing) AS place FROM (SELECT * FROM _orphans ORDER BY source_id, row_number LIMIT $1) o LEFT JOIN (SELECT value, standing FROM (SELECT "id"::text AS value, 0 AS standing FROM "programas" WHERE "id" IS NOT NULL UNION ALL SELECT key::text AS value, CASE outcome WHEN 'rejected' THEN 1 ELSE 2 END AS standing FROM "_refused_keys_N" WHERE key IS NOT NULL) u WHERE standing > 0) k ON k.value = o.value GROUP BY o.source_id, o.row_number, o.value ORDER BY o.source_id, o.row_number;

CREATE TABLE "emendas" ( "autor" text, "valor" numeric(18,2), "_key" text NOT NULL, "_hash" bytea NOT NULL, "_source_id" bigint NOT NULL, "_row" integer, "_raw" bytea, "_operation" text NOT NULL DEFAULT 'insert', "_changes" jsonb, "_vanished_at" timestamp with time zone );

COMMENT ON COLUMN "emendas"."_key" IS 'content';

SELECT create_distributed_table('"emendas"', '_key');

SELECT (count(*) - count(DISTINCT "_key" ))::int AS n FROM "emendas";

CREATE UNLOGGED TABLE "_repeated_N" (key text, differs boolean);

SELECT create_distributed_table('"_repeated_N"', 'key', colocate_with => '"emendas"');

INSERT INTO "_repeated_N" SELECT "_key", false FROM "emendas" GROUP BY "_key" HAVING count(*) > 1;

UPDATE "_repeated_N" k SET differs = true WHERE k.key IN ( SELECT s."_key" FROM "emendas" s JOIN "_repeated_N" r ON r.key = s."_key" GROUP BY s."_key" HAVING count(DISTINCT s._hash) > 1 );

SELECT count(*)::int AS n FROM "_repeated_N";

UPDATE "emendas" s SET _raw = '' FROM "_repeated_N" k WHERE k.key = "s"."_key";

INSERT INTO "emendas" (_key, "autor", "valor", _hash, _source_id, _row, _raw) SELECT encode(_hash, 'hex') || '|' || _place, "autor", "valor", _hash, _source_id, _row, _raw FROM ( SELECT r.*, row_number() OVER (PARTITION BY r."_key" ORDER BY r._source_id ASC, r._row ASC) AS _place FROM "emendas" r JOIN "_repeated_N" k ON k.key = r."_key") o WHERE _place > 1;

DELETE FROM "emendas" s USING ( SELECT r."_key" AS key, r._source_id, r._row, row_number() OVER (PARTITION BY r."_key" ORDER BY r._source_id ASC, r._row ASC) AS _place FROM "emendas" r JOIN "_repeated_N" k ON k.key = r."_key") o WHERE s."_key" = o.key AND s._source_id = o._source_id AND s._row = o._row AND o._place > 1;

SELECT create_distributed_table('"_refused_keys_N"', 'key', colocate_with => '"emendas"');

SELECT count(*)::int AS n FROM "emendas";

SELECT create_distributed_table('"_changes_N"', 'key', colocate_with => '"emendas"');

SELECT s."_key" AS id FROM "emendas" s LIMIT $1;

ALTER TABLE "programas" ADD PRIMARY KEY ("id");

CREATE OR REPLACE VIEW "programas_live" AS SELECT "id", "nome" FROM "programas" WHERE _vanished_at IS NULL;

ALTER TABLE "propostas" ADD PRIMARY KEY ("id");

CREATE INDEX ON "propostas" ("uf");

CREATE OR REPLACE VIEW "propostas_live" AS SELECT "id", "uf", "valor", "dia", "programa" FROM "propostas" WHERE _vanished_at IS NULL;

ALTER TABLE "apoiadores" ADD PRIMARY KEY ("_key");

CREATE OR REPLACE VIEW "apoiadores_live" AS SELECT "proposta", "ordem", "programa", "nome" FROM "apoiadores" WHERE _vanished_at IS NULL;

ALTER TABLE "emendas" ADD PRIMARY KEY ("_key");

CREATE OR REPLACE VIEW "emendas_live" AS SELECT "autor", "valor" FROM "emendas" WHERE _vanished_at IS NULL;

SELECT count(*)::int AS n FROM "programas" WHERE _vanished_at IS NULL;

SELECT count(*)::int AS n FROM "propostas" WHERE _vanished_at IS NULL;

SELECT count(*)::int AS n FROM "apoiadores" WHERE _vanished_at IS NULL;

SELECT count(*)::int AS n FROM "emendas" WHERE _vanished_at IS NULL;

DROP TABLE IF EXISTS "_repeated_N";

DROP TABLE IF EXISTS "_refused_keys_N";

DROP TABLE IF EXISTS "_changes_N";

CREATE OR REPLACE VIEW data_lineage AS SELECT v.entity_type, v.entity_id, e.source_file, e.checksum::text AS source_sha256, e.sheet, e.extraction_timestamp, e.pipeline_version, encode(v.record_hash, 'hex') AS record_hash, e.created_at, e.run_id, v.row_number, v.operation, v.changes FROM ( SELECT entity_type, entity_id, source_id, row_number, operation, record_hash, changes FROM lineage_history UNION ALL SELECT 'apoiadores'::text, t."_key", t._source_id, t._row, t._operation, t._hash, t._changes FROM "apoiadores" t UNION ALL SELECT 'emendas'::text, t."_key", t._source_id, t._row, t._operation, t._hash, t._changes FROM "emendas" t UNION ALL SELECT 'programas'::text, t."id"::text, t._source_id, t._row, t._operation, t._hash, t._changes FROM "programas" t UNION ALL SELECT 'propostas'::text, t."id"::text, t._source_id, t._row, t._operation, t._hash, t._changes FROM "propostas" t ) v JOIN extraction_logs e ON e.id = v.source_id;

CREATE UNLOGGED TABLE "_staged_N" ("id" bigint, "nome" text, _hash bytea NOT NULL, _source_id bigint NOT NULL, _row int NOT NULL, _raw bytea);

SELECT create_reference_table('"_staged_N"');

SELECT (count(*) - count(DISTINCT "id" ))::int AS n FROM "_staged_N";

SELECT count(*)::int AS n FROM "_staged_N";

INSERT INTO "_changes_N" SELECT s."id", CASE WHEN t._vanished_at IS NULL THEN 'update' ELSE 'restore' END, ('{' || nullif(array_to_string(ARRAY[CASE WHEN "t"."id"::text IS DISTINCT FROM "s"."id"::text THEN '"id":' || json_build_object('from', "t"."id"::text, 'to', "s"."id"::text)::text END, CASE WHEN "t"."nome"::text IS DISTINCT FROM "s"."nome"::text THEN '"nome":' || json_build_object('from', "t"."nome"::text, 'to', "s"."nome"::text)::text END]::text[], ','), '') || '}')::jsonb FROM "_staged_N" s JOIN "programas" t ON t."id" = s."id" WHERE t._hash <> s._hash OR t._vanished_at IS NOT NULL;

INSERT INTO "_changes_N" SELECT s."id", 'insert', NULL FROM "_staged_N" s WHERE NOT EXISTS (SELECT FROM "programas" t WHERE t."id" = s."id");

INSERT INTO "_changes_N" SELECT t."id", 'vanish', $1::jsonb FROM "programas" t WHERE t._vanished_at IS NULL AND NOT EXISTS (SELECT FROM "_staged_N" s WHERE s."id" = t."id") AND NOT EXISTS (SELECT FROM "_refused_keys_N" r WHERE r.key = t."id" AND r.outcome = 'rejected');

UPDATE "_changes_N" c SET changes = $1::jsonb FROM "_refused_keys_N" r WHERE c.operation = 'vanish' AND r.key = c.key AND r.outcome = 'filtered';

SELECT count(*)::int AS n FROM "_changes_N" WHERE operation = $1;

SELECT count(*)::int AS n FROM "_staged_N" s JOIN "programas" t ON t."id" = s."id" AND t._hash = s._hash AND t._vanished_at IS NULL;

SELECT count(*)::int AS n FROM "programas" t WHERE t._vanished_at IS NULL AND EXISTS (SELECT FROM "_refused_keys_N" r WHERE r.key = t."id" AND r.outcome = 'rejected') AND NOT EXISTS (SELECT FROM "_staged_N" s WHERE s."id" = t."id");

SELECT operation, key::text AS id, CASE WHEN operation IN ('update', 'restore') THEN changes END AS changes FROM "_changes_N" ORDER BY array_position(ARRAY['update', 'restore', 'vanish', 'insert'], operation), key LIMIT $1;

CREATE UNLOGGED TABLE "_staged_N" ("dia" date, "id" bigint, "programa" bigint, "uf" text, "valor" numeric(18,2), _hash bytea NOT NULL, _source_id bigint NOT NULL, _row int NOT NULL, _raw bytea);

SELECT create_distributed_table('"_staged_N"', 'id', colocate_with => '"propostas"');

CREATE UNLOGGED TABLE "_repeated_N" (key bigint, differs boolean);

SELECT create_distributed_table('"_repeated_N"', 'key', colocate_with => '"propostas"');

INSERT INTO "_repeated_N" SELECT "id", false FROM "_staged_N" GROUP BY "id" HAVING count(*) > 1;

UPDATE "_repeated_N" k SET differs = true WHERE k.key IN ( SELECT s."id" FROM "_staged_N" s JOIN "_repeated_N" r ON r.key = s."id" GROUP BY s."id" HAVING count(DISTINCT s._hash) > 1 );

UPDATE "_staged_N" s SET _raw = '' FROM "_repeated_N" k WHERE k.key = "s"."id";

DELETE FROM "_staged_N" s USING "_repeated_N" k WHERE k.key = "s"."id" AND k.differs RETURNING s._source_id::text AS source_id, s._row AS row_number, "s"."id"::text AS key;

DELETE FROM "_staged_N" s USING ( SELECT r."id" AS key, r._source_id, r._row, row_number() OVER (PARTITION BY r."id" ORDER BY r._source_id ASC, r._row ASC) AS _place FROM "_staged_N" r JOIN "_repeated_N" k ON k.key = r."id") o WHERE s."id" = o.key AND s._source_id = o._source_id AND s._row = o._row AND o._place > 1;

SELECT count(*)::int AS n FROM (SELECT "programa", _source_id, _row FROM "_staged_N") c WHERE "c"."programa" IS NOT NULL;

CREATE TEMP TABLE _orphans ON COMMIT DROP AS SELECT "c"."programa"::text AS value, c._source_id AS source_id, c._row AS row_number FROM (SELECT "programa", _source_id, _row FROM "_staged_N") c WHERE "c"."programa" IS NOT NULL AND NOT EXISTS ( SELECT FROM (SELECT "id"::text AS value, 0 AS standing FROM "_staged_N" WHERE "id" IS NOT NULL UNION ALL SELECT key::text AS value, CASE outcome WHEN 'rejected' THEN 1 ELSE 2 END AS standing FROM "_refused_keys_N" WHERE key IS NOT NULL UNION ALL SELECT "t"."id"::text AS value, CASE WHEN t._vanished_at IS NULL AND x.key IS NULL THEN 0 ELSE 3 END AS standing FROM "programas" t LEFT JOIN "_changes_N" x ON x.key = "t"."id" WHERE "t"."id" IS NOT NULL AND (x.key IS NULL OR x.operation = 'vanish')) p WHERE p.standing = 0 AND p.value = "c"."programa"::text);

SELECT k.place, count(*)::int AS n FROM _orphans o LEFT JOIN (SELECT value, min(standing) AS place FROM (SELECT value, standing FROM (SELECT "id"::text AS value, 0 AS standing FROM "_staged_N" WHERE "id" IS NOT NULL UNION ALL SELECT key::text AS value, CASE outcome WHEN 'rejected' THEN 1 ELSE 2 END AS standing FROM "_refused_keys_N" WHERE key IS NOT NULL UNION ALL SELECT "t"."id"::text AS value, CASE WHEN t._vanished_at IS NULL AND x.key IS NULL THEN 0 ELSE 3 END AS standing FROM "programas" t LEFT JOIN "_changes_N" x ON x.key = "t"."id" WHERE "t"."id" IS NOT NULL AND (x.key IS NULL OR x.operation = 'vanish')) u WHERE standing > 0) u GROUP BY value) k ON k.value = o.value GROUP BY k.place;

SELECT o.value, o.source_id::text AS "sourceId", o.row_number AS row, min(k.standing) AS place FROM (SELECT * FROM _orphans ORDER BY source_id, row_number LIMIT $1) o LEFT JOIN (SELECT value, standing FROM (SELECT "id"::text AS value, 0 AS standing FROM "_staged_N" WHERE "id" IS NOT NULL UNION ALL SELECT key::text AS value, CASE outcome WHEN 'rejected' THEN 1 ELSE 2 END AS standing FROM "_refused_keys_N" WHERE key IS NOT NULL UNION ALL SELECT "t"."id"::text AS value, CASE WHEN t._vanished_at IS NULL AND x.key IS NULL THEN 0 ELSE 3 END AS standing FROM "programas" t LEFT JOIN "_changes_N" x ON x.key = "t"."id" WHERE "t"."id" IS NOT NULL AND (x.key IS NULL OR x.operation = 'vanish')) u WHERE standing > 0) k ON k.value = o.value GROUP BY o.source_id, o.row_number, o.value ORDER BY o.source_id, o.row_number;

DELETE FROM "_staged_N" c WHERE "c"."programa" IS NOT NULL AND NOT EXISTS ( SELECT FROM (SELECT "id"::text AS value, 0 AS standing FROM "_staged_N" WHERE "id" IS NOT NULL UNION ALL SELECT key::text AS value, CASE outcome WHEN 'rejected' THEN 1 ELSE 2 END AS standing FROM "_refused_keys_N" WHERE key IS NOT NULL UNION ALL SELECT "t"."id"::text AS value, CASE WHEN t._vanished_at IS NULL AND x.key IS NULL THEN 0 ELSE 3 END AS standing FROM "programas" t LEFT JOIN "_changes_N" x ON x.key = "t"."id" WHERE "t"."id" IS NOT NULL AND (x.key IS NULL OR x.operation = 'vanish')) p WHERE p.standing = 0 AND p.value = "c"."programa"::text) RETURNING c._source_id::text AS source_id, c._row AS row_number, "c"."id"::text AS key;

INSERT INTO "_changes_N" SELECT s."id", CASE WHEN t._vanished_at IS NULL THEN 'update' ELSE 'restore' END, ('{' || nullif(array_to_string(ARRAY[CASE WHEN "t"."dia"::text IS DISTINCT FROM "s"."dia"::text THEN '"dia":' || json_build_object('from', "t"."dia"::text, 'to', "s"."dia"::text)::text END, CASE WHEN "t"."id"::text IS DISTINCT FROM "s"."id"::text THEN '"id":' || json_build_object('from', "t"."id"::text, 'to', "s"."id"::text)::text END, CASE WHEN "t"."programa"::text IS DISTINCT FROM "s"."programa"::text THEN '"programa":' || json_build_object('from', "t"."programa"::text, 'to', "s"."programa"::text)::text END, CASE WHEN "t"."uf"::text IS DISTINCT FROM "s"."uf"::text THEN '"uf":' || json_build_object('from', "t"."uf"::text, 'to', "s"."uf"::text)::text END, CASE WHEN "t"."valor"::text IS DISTINCT FROM "s"."valor"::text THEN '"valor":' || json_build_object('from', "t"."valor"::text, 'to', "s"."valor"::text)::text END]::text[], ','), '') || '}')::jsonb FROM "_staged_N" s JOIN "propostas" t ON t."id" = s."id" WHERE t._hash <> s._hash OR t._vanished_at IS NOT NULL;

INSERT INTO "_changes_N" SELECT s."id", 'insert', NULL FROM "_staged_N" s WHERE NOT EXISTS (SELECT FROM "propostas" t WHERE t."id" = s."id");

INSERT INTO "_changes_N" SELECT t."id", 'vanish', $1::jsonb FROM "propostas" t WHERE t._vanished_at IS NULL AND NOT EXISTS (SELECT FROM "_staged_N" s WHERE s."id" = t."id") AND NOT EXISTS (SELECT FROM "_refused_keys_N" r WHERE r.key = t."id" AND r.outcome = 'rejected');

SELECT count(*)::int AS n FROM "_staged_N" s JOIN "propostas" t ON t."id" = s."id" AND t._hash = s._hash AND t._vanished_at IS NULL;

SELECT count(*)::int AS n FROM "propostas" t WHERE t._vanished_at IS NULL AND EXISTS (SELECT FROM "_refused_keys_N" r WHERE r.key = t."id" AND r.outcome = 'rejected') AND NOT EXISTS (SELECT FROM "_staged_N" s WHERE s."id" = t."id");

CREATE UNLOGGED TABLE "_staged_N" ("fone" text, "nome" text, "ordem" text, "programa" bigint, "proposta" text, _key text NOT NULL, _hash bytea NOT NULL, _source_id bigint NOT NULL, _row int NOT NULL, _raw bytea);

SELECT create_distributed_table('"_staged_N"', '_key', colocate_with => '"apoiadores"');

SELECT (count(*) - count(DISTINCT "_key" ))::int AS n FROM "_staged_N";

SELECT create_distributed_table('"_repeated_N"', 'key', colocate_with => '"apoiadores"');

INSERT INTO "_repeated_N" SELECT "_key", false FROM "_staged_N" GROUP BY "_key" HAVING count(*) > 1;

UPDATE "_repeated_N" k SET differs = true WHERE k.key IN ( SELECT s."_key" FROM "_staged_N" s JOIN "_repeated_N" r ON r.key = s."_key" GROUP BY s."_key" HAVING count(DISTINCT s._hash) > 1 );

UPDATE "_staged_N" s SET _raw = '' FROM "_repeated_N" k WHERE k.key = "s"."_key";

DELETE FROM "_staged_N" s USING ( SELECT r."_key" AS key, r._source_id, r._row, row_number() OVER (PARTITION BY r."_key" ORDER BY r._source_id DESC, r._row DESC) AS _place FROM "_staged_N" r JOIN "_repeated_N" k ON k.key = r."_key") o WHERE s."_key" = o.key AND s._source_id = o._source_id AND s._row = o._row AND o._place > 1;

INSERT INTO "_changes_N" SELECT s."_key", CASE WHEN t._vanished_at IS NULL THEN 'update' ELSE 'restore' END, ('{' || nullif(array_to_string(ARRAY[CASE WHEN NULL::text IS DISTINCT FROM "s"."fone"::text THEN '"fone":' || json_build_object('from', NULL::text, 'to', "s"."fone"::text)::text END, CASE WHEN "t"."nome"::text IS DISTINCT FROM "s"."nome"::text THEN '"nome":' || json_build_object('from', "t"."nome"::text, 'to', "s"."nome"::text)::text END, CASE WHEN "t"."ordem"::text IS DISTINCT FROM "s"."ordem"::text THEN '"ordem":' || json_build_object('from', "t"."ordem"::text, 'to', "s"."ordem"::text)::text END, CASE WHEN "t"."programa"::text IS DISTINCT FROM "s"."programa"::text THEN '"programa":' || json_build_object('from', "t"."programa"::text, 'to', "s"."programa"::text)::text END, CASE WHEN "t"."proposta"::text IS DISTINCT FROM "s"."proposta"::text THEN '"proposta":' || json_build_object('from', "t"."proposta"::text, 'to', "s"."proposta"::text)::text END]::text[], ','), '') || '}')::jsonb FROM "_staged_N" s JOIN "apoiadores" t ON t."_key" = s."_key" WHERE t._hash <> s._hash OR t._vanished_at IS NOT NULL;

INSERT INTO "_changes_N" SELECT s."_key", 'insert', NULL FROM "_staged_N" s WHERE NOT EXISTS (SELECT FROM "apoiadores" t WHERE t."_key" = s."_key");

INSERT INTO "_changes_N" SELECT t."_key", 'vanish', $1::jsonb FROM "apoiadores" t WHERE t._vanished_at IS NULL AND NOT EXISTS (SELECT FROM "_staged_N" s WHERE s."_key" = t."_key") AND NOT EXISTS (SELECT FROM "_refused_keys_N" r WHERE r.key = t."_key" AND r.outcome = 'rejected');

SELECT count(*)::int AS n FROM "_staged_N" s JOIN "apoiadores" t ON t."_key" = s."_key" AND t._hash = s._hash AND t._vanished_at IS NULL;

SELECT count(*)::int AS n FROM "apoiadores" t WHERE t._vanished_at IS NULL AND EXISTS (SELECT FROM "_refused_keys_N" r WHERE r.key = t."_key" AND r.outcome = 'rejected') AND NOT EXISTS (SELECT FROM "_staged_N" s WHERE s."_key" = t."_key");

CREATE UNLOGGED TABLE "_staged_N" ("autor" text, "valor" numeric(18,2), _key text NOT NULL, _hash bytea NOT NULL, _source_id bigint NOT NULL, _row int NOT NULL, _raw bytea);

SELECT create_distributed_table('"_staged_N"', '_key', colocate_with => '"emendas"');

INSERT INTO "_staged_N" (_key, "autor", "valor", _hash, _source_id, _row, _raw) SELECT encode(_hash, 'hex') || '|' || _place, "autor", "valor", _hash, _source_id, _row, _raw FROM ( SELECT r.*, row_number() OVER (PARTITION BY r."_key" ORDER BY r._source_id ASC, r._row ASC) AS _place FROM "_staged_N" r JOIN "_repeated_N" k ON k.key = r."_key") o WHERE _place > 1;

DELETE FROM "_staged_N" s USING ( SELECT r."_key" AS key, r._source_id, r._row, row_number() OVER (PARTITION BY r."_key" ORDER BY r._source_id ASC, r._row ASC) AS _place FROM "_staged_N" r JOIN "_repeated_N" k ON k.key = r."_key") o WHERE s."_key" = o.key AND s._source_id = o._source_id AND s._row = o._row AND o._place > 1;

INSERT INTO "_changes_N" SELECT s."_key", CASE WHEN t._vanished_at IS NULL THEN 'update' ELSE 'restore' END, ('{' || nullif(array_to_string(ARRAY[CASE WHEN "t"."autor"::text IS DISTINCT FROM "s"."autor"::text THEN '"autor":' || json_build_object('from', "t"."autor"::text, 'to', "s"."autor"::text)::text END, CASE WHEN "t"."valor"::text IS DISTINCT FROM "s"."valor"::text THEN '"valor":' || json_build_object('from', "t"."valor"::text, 'to', "s"."valor"::text)::text END]::text[], ','), '') || '}')::jsonb FROM "_staged_N" s JOIN "emendas" t ON t."_key" = s."_key" WHERE t._hash <> s._hash OR t._vanished_at IS NOT NULL;

INSERT INTO "_changes_N" SELECT s."_key", 'insert', NULL FROM "_staged_N" s WHERE NOT EXISTS (SELECT FROM "emendas" t WHERE t."_key" = s."_key");

INSERT INTO "_changes_N" SELECT t."_key", 'vanish', $1::jsonb FROM "emendas" t WHERE t._vanished_at IS NULL AND NOT EXISTS (SELECT FROM "_staged_N" s WHERE s."_key" = t."_key") AND NOT EXISTS (SELECT FROM "_refused_keys_N" r WHERE r.key = t."_key" AND r.outcome = 'rejected');

SELECT count(*)::int AS n FROM "_staged_N" s JOIN "emendas" t ON t."_key" = s."_key" AND t._hash = s._hash AND t._vanished_at IS NULL;

SELECT count(*)::int AS n FROM "emendas" t WHERE t._vanished_at IS NULL AND EXISTS (SELECT FROM "_refused_keys_N" r WHERE r.key = t."_key" AND r.outcome = 'rejected') AND NOT EXISTS (SELECT FROM "_staged_N" s WHERE s."_key" = t."_key");

ALTER TABLE "apoiadores" ADD COLUMN "fone" text;

CREATE OR REPLACE VIEW "apoiadores_live" AS SELECT "proposta", "ordem", "programa", "nome", "fone" FROM "apoiadores" WHERE _vanished_at IS NULL;

INSERT INTO lineage_history (entity_type, entity_id, source_id, row_number, operation, record_hash, changes, superseded_at) SELECT $1, t."id"::text, t._source_id, t._row, t._operation, t._hash, t._changes, $2::timestamptz FROM "programas" t JOIN "_changes_N" c ON c.key = "t"."id" WHERE c.operation IN ('update', 'restore', 'vanish');

UPDATE "programas" t SET "nome" = s."nome", "_hash" = s."_hash", "_source_id" = s."_source_id", "_row" = s."_row", "_raw" = s."_raw", _operation = c.operation, _vanished_at = NULL, _changes = c.changes FROM "_changes_N" c JOIN "_staged_N" s ON s."id" = c.key WHERE t."id" = c.key AND c.operation IN ('update', 'restore');

UPDATE "programas" t SET _raw = '' FROM "_staged_N" s WHERE s._raw = '' AND t."id" = s."id" AND t._raw IS DISTINCT FROM '';

UPDATE "programas" t SET _vanished_at = $1::timestamptz, _operation = 'vanish', _source_id = $2::bigint, _row = NULL, _raw = NULL, _changes = c.changes FROM "_changes_N" c WHERE c.operation = 'vanish' AND c.key = t."id";

INSERT INTO lineage_history (entity_type, entity_id, source_id, row_number, operation, record_hash, changes, superseded_at) SELECT $1, t."id"::text, t._source_id, t._row, t._operation, t._hash, t._changes, $2::timestamptz FROM "propostas" t JOIN "_changes_N" c ON c.key = "t"."id" WHERE c.operation IN ('update', 'restore', 'vanish');

UPDATE "propostas" t SET "dia" = s."dia", "programa" = s."programa", "uf" = s."uf", "valor" = s."valor", "_hash" = s."_hash", "_source_id" = s."_source_id", "_row" = s."_row", "_raw" = s."_raw", _operation = c.operation, _vanished_at = NULL, _changes = c.changes FROM "_changes_N" c JOIN "_staged_N" s ON s."id" = c.key WHERE t."id" = c.key AND c.operation IN ('update', 'restore');

INSERT INTO "propostas" ("dia", "id", "programa", "uf", "valor", "_hash", "_source_id", "_row", "_raw") SELECT s."dia", s."id", s."programa", s."uf", s."valor", s."_hash", s."_source_id", s."_row", s."_raw" FROM "_staged_N" s JOIN "_changes_N" c ON c.key = s."id" WHERE c.operation = 'insert';

UPDATE "propostas" t SET _raw = '' FROM "_staged_N" s WHERE s._raw = '' AND t."id" = s."id" AND t._raw IS DISTINCT FROM '';

UPDATE "propostas" t SET _vanished_at = $1::timestamptz, _operation = 'vanish', _source_id = $2::bigint, _row = NULL, _raw = NULL, _changes = c.changes FROM "_changes_N" c WHERE c.operation = 'vanish' AND c.key = t."id";

INSERT INTO lineage_history (entity_type, entity_id, source_id, row_number, operation, record_hash, changes, superseded_at) SELECT $1, t."_key", t._source_id, t._row, t._operation, t._hash, t._changes, $2::timestamptz FROM "apoiadores" t JOIN "_changes_N" c ON c.key = "t"."_key" WHERE c.operation IN ('update', 'restore', 'vanish');

UPDATE "apoiadores" t SET "fone" = s."fone", "nome" = s."nome", "ordem" = s."ordem", "programa" = s."programa", "proposta" = s."proposta", "_hash" = s."_hash", "_source_id" = s."_source_id", "_row" = s."_row", "_raw" = s."_raw", _operation = c.operation, _vanished_at = NULL, _changes = c.changes FROM "_changes_N" c JOIN "_staged_N" s ON s."_key" = c.key WHERE t."_key" = c.key AND c.operation IN ('update', 'restore');

INSERT INTO "apoiadores" ("fone", "nome", "ordem", "programa", "proposta", "_key", "_hash", "_source_id", "_row", "_raw") SELECT s."fone", s."nome", s."ordem", s."programa", s."proposta", s."_key", s."_hash", s."_source_id", s."_row", s."_raw" FROM "_staged_N" s JOIN "_changes_N" c ON c.key = s."_key" WHERE c.operation = 'insert';

UPDATE "apoiadores" t SET _raw = '' FROM "_staged_N" s WHERE s._raw = '' AND t."_key" = s."_key" AND t._raw IS DISTINCT FROM '';

INSERT INTO lineage_history (entity_type, entity_id, source_id, operation, record_hash, changes, superseded_at) SELECT $1, t."_key", $2::bigint, 'vanish', t._hash, c.changes || coalesce(('{' || nullif(array_to_string(ARRAY[CASE WHEN "t"."fone"::text IS DISTINCT FROM NULL::text THEN '"fone":' || json_build_object('from', "t"."fone"::text, 'to', NULL::text)::text END, CASE WHEN "t"."nome"::text IS DISTINCT FROM NULL::text THEN '"nome":' || json_build_object('from', "t"."nome"::text, 'to', NULL::text)::text END, CASE WHEN "t"."ordem"::text IS DISTINCT FROM NULL::text THEN '"ordem":' || json_build_object('from', "t"."ordem"::text, 'to', NULL::text)::text END, CASE WHEN "t"."programa"::text IS DISTINCT FROM NULL::text THEN '"programa":' || json_build_object('from', "t"."programa"::text, 'to', NULL::text)::text END, CASE WHEN "t"."proposta"::text IS DISTINCT FROM NULL::text THEN '"proposta":' || json_build_object('from', "t"."proposta"::text, 'to', NULL::text)::text END]::text[], ','), '') || '}')::jsonb, '{}'), $3::timestamptz FROM "apoiadores" t JOIN "_changes_N" c ON c.operation = 'vanish' AND c.key = "t"."_key";

DELETE FROM "apoiadores" t USING "_changes_N" c WHERE c.operation = 'vanish' AND c.key = t."_key";

INSERT INTO lineage_history (entity_type, entity_id, source_id, row_number, operation, record_hash, changes, superseded_at) SELECT $1, t."_key", t._source_id, t._row, t._operation, t._hash, t._changes, $2::timestamptz FROM "emendas" t JOIN "_changes_N" c ON c.key = "t"."_key" WHERE c.operation IN ('update', 'restore', 'vanish');

INSERT INTO "emendas" ("autor", "valor", "_key", "_hash", "_source_id", "_row", "_raw") SELECT s."autor", s."valor", s."_key", s."_hash", s."_source_id", s."_row", s."_raw" FROM "_staged_N" s JOIN "_changes_N" c ON c.key = s."_key" WHERE c.operation = 'insert';

UPDATE "emendas" t SET _raw = '' FROM "_staged_N" s WHERE s._raw = '' AND t."_key" = s."_key" AND t._raw IS DISTINCT FROM '';

UPDATE "emendas" t SET _vanished_at = $1::timestamptz, _operation = 'vanish', _source_id = $2::bigint, _row = NULL, _raw = NULL, _changes = c.changes FROM "_changes_N" c WHERE c.operation = 'vanish' AND c.key = t."_key";

DROP TABLE IF EXISTS "_staged_N";

CREATE UNLOGGED TABLE "_staged_N" ("nome" text, "ordem" text, "programa" bigint, "proposta" text, _key text NOT NULL, _hash bytea NOT NULL, _source_id bigint NOT NULL, _row int NOT NULL, _raw bytea);

INSERT INTO "_changes_N" SELECT s."_key", CASE WHEN t._vanished_at IS NULL THEN 'update' ELSE 'restore' END, ('{' || nullif(array_to_string(ARRAY[CASE WHEN "t"."nome"::text IS DISTINCT FROM "s"."nome"::text THEN '"nome":' || json_build_object('from', "t"."nome"::text, 'to', "s"."nome"::text)::text END, CASE WHEN "t"."ordem"::text IS DISTINCT FROM "s"."ordem"::text THEN '"ordem":' || json_build_object('from', "t"."ordem"::text, 'to', "s"."ordem"::text)::text END, CASE WHEN "t"."programa"::text IS DISTINCT FROM "s"."programa"::text THEN '"programa":' || json_build_object('from', "t"."programa"::text, 'to', "s"."programa"::text)::text END, CASE WHEN "t"."proposta"::text IS DISTINCT FROM "s"."proposta"::text THEN '"proposta":' || json_build_object('from', "t"."proposta"::text, 'to', "s"."proposta"::text)::text END, CASE WHEN "t"."fone"::text IS DISTINCT FROM NULL::text THEN '"fone":' || json_build_object('from', "t"."fone"::text, 'to', NULL::text)::text END]::text[], ','), '') || '}')::jsonb FROM "_staged_N" s JOIN "apoiadores" t ON t."_key" = s."_key" WHERE t._hash <> s._hash OR t._vanished_at IS NOT NULL;

UPDATE "apoiadores" t SET "nome" = s."nome", "ordem" = s."ordem", "programa" = s."programa", "proposta" = s."proposta", "_hash" = s."_hash", "_source_id" = s."_source_id", "_row" = s."_row", "_raw" = s."_raw", "fone" = NULL, _operation = c.operation, _vanished_at = NULL, _changes = c.changes FROM "_changes_N" c JOIN "_staged_N" s ON s."_key" = c.key WHERE t."_key" = c.key AND c.operation IN ('update', 'restore');

INSERT INTO "apoiadores" ("nome", "ordem", "programa", "proposta", "_key", "_hash", "_source_id", "_row", "_raw") SELECT s."nome", s."ordem", s."programa", s."proposta", s."_key", s."_hash", s."_source_id", s."_row", s."_raw" FROM "_staged_N" s JOIN "_changes_N" c ON c.key = s."_key" WHERE c.operation = 'insert';

UPDATE "emendas" t SET "autor" = s."autor", "valor" = s."valor", "_hash" = s."_hash", "_source_id" = s."_source_id", "_row" = s."_row", "_raw" = s."_raw", _operation = c.operation, _vanished_at = NULL, _changes = c.changes FROM "_changes_N" c JOIN "_staged_N" s ON s."_key" = c.key WHERE t."_key" = c.key AND c.operation IN ('update', 'restore');

SELECT count(*)::int AS n FROM (SELECT * FROM "propostas" WHERE _vanished_at IS NULL) c WHERE "c"."programa" IS NOT NULL;

CREATE TEMP TABLE _orphans ON COMMIT DROP AS SELECT "c"."programa"::text AS value, c._source_id AS source_id, c._row AS row_number FROM (SELECT * FROM "propostas" WHERE _vanished_at IS NULL) c WHERE "c"."programa" IS NOT NULL AND NOT EXISTS ( SELECT FROM (SELECT "t"."id"::text AS value, CASE WHEN t._vanished_at IS NULL AND true THEN 0 ELSE 3 END AS standing FROM "programas" t WHERE "t"."id" IS NOT NULL) p WHERE p.standing = 0 AND p.value = "c"."programa"::text);

SELECT count(*)::int AS n FROM (SELECT * FROM "apoiadores" WHERE _vanished_at IS NULL) c WHERE "c"."programa" IS NOT NULL;

CREATE TEMP TABLE _orphans ON COMMIT DROP AS SELECT "c"."programa"::text AS value, c._source_id AS source_id, c._row AS row_number FROM (SELECT * FROM "apoiadores" WHERE _vanished_at IS NULL) c WHERE "c"."programa" IS NOT NULL AND NOT EXISTS ( SELECT FROM (SELECT "t"."id"::text AS value, CASE WHEN t._vanished_at IS NULL AND true THEN 0 ELSE 3 END AS standing FROM "programas" t WHERE "t"."id" IS NOT NULL) p WHERE p.standing = 0 AND p.value = "c"."programa"::text);

INSERT INTO _referred SELECT DISTINCT _source_id FROM "apoiadores";

INSERT INTO _referred SELECT DISTINCT _source_id FROM "emendas";

INSERT INTO _referred SELECT DISTINCT _source_id FROM "programas";

INSERT INTO _referred SELECT DISTINCT _source_id FROM "propostas";
