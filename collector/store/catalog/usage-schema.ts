/** Sum of a tenant, changed in the transaction that changes what is summed. */
const add = (tenant: string, column: 'runs' | 'bytes' | 'content', amount: string): string => `
    INSERT INTO tenant_usage SELECT ${tenant}, 0, 0, 0
      WHERE NOT EXISTS (SELECT 1 FROM tenant_usage WHERE tenant = ${tenant});
    UPDATE tenant_usage SET ${column} = ${column} + (${amount}) WHERE tenant = ${tenant};`;

const addContent = (tenant: string, amount: string): string =>
  add(tenant, 'bytes', amount) + add(tenant, 'content', amount);

/** Runs, bytes, and the bytes of content among them, of each tenant. A run is written with REPLACE, which is no deletion: only a new id or a new tenant counts. */
export const USAGE_SCHEMA = `
  CREATE TABLE tenant_usage (
    tenant TEXT PRIMARY KEY, runs INTEGER NOT NULL, bytes INTEGER NOT NULL, content INTEGER NOT NULL
  ) WITHOUT ROWID;
  INSERT INTO tenant_usage SELECT tenant, count(*), 0, 0 FROM run GROUP BY tenant;
  CREATE TABLE run_received (run TEXT PRIMARY KEY, tenant TEXT NOT NULL, bytes INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX run_received_bytes ON run_received (bytes);
  CREATE TRIGGER run_counted BEFORE INSERT ON run
    WHEN NOT EXISTS (SELECT 1 FROM run WHERE id = new.id AND tenant = new.tenant)
  BEGIN
    UPDATE tenant_usage SET runs = runs - 1 WHERE tenant = (SELECT tenant FROM run WHERE id = new.id);
    ${add('new.tenant', 'runs', '1')}
    UPDATE run_received SET tenant = new.tenant WHERE run = new.id;
  END;
  CREATE TRIGGER run_uncounted AFTER DELETE ON run BEGIN
    ${add('old.tenant', 'runs', '-1')}
    DELETE FROM run_received WHERE run = old.id;
  END;
  CREATE TRIGGER received_counted AFTER INSERT ON run_received BEGIN ${add('new.tenant', 'bytes', 'new.bytes')} END;
  CREATE TRIGGER received_recounted AFTER UPDATE ON run_received
    BEGIN ${add('old.tenant', 'bytes', '-old.bytes')} ${add('new.tenant', 'bytes', 'new.bytes')} END;
  CREATE TRIGGER received_uncounted AFTER DELETE ON run_received
    BEGIN ${add('old.tenant', 'bytes', '-old.bytes')} END;
  CREATE TRIGGER content_counted AFTER UPDATE OF stored_size ON artifact
    BEGIN ${addContent('new.tenant', 'coalesce(new.stored_size, 0) - coalesce(old.stored_size, 0)')} END;
  CREATE TRIGGER content_uncounted AFTER DELETE ON artifact
    BEGIN ${addContent('old.tenant', '-coalesce(old.stored_size, 0)')} END;
`;
