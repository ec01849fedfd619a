// The status of a user and the cells in which a user counts, in SQL of both databases. The indexes and triggers of migration 8 contain
// this SQL, so a change needs a new migration.
import type { Dialect } from './dialect.ts'

/**
 * The status of a user, as the function `statusOf` returns it.
 * @param row the name of the row, such as `users` or `new`; empty in the definition of an index
 */
export function statusSql(row = ''): string {
  const column = columnsOf(row)
  return `case when ${isDisabledSql(row)} then 'disabled'
    when ${column('second_factor_at')} is not null then 'active'
    when ${column('invited_at')} is not null then 'invited' else 'no-factor' end`
}

/** Patterns of hashes of other schemes, which are accepted and replaced at the next sign-in. */
export const IMPORTED_HASHES = ['$2%', '$argon2i$%', '$argon2d$%', '$scrypt$%', 'scrypt%', '$pbkdf2%', 'pbkdf2%']

/** Milliseconds of a day, as a literal for SQL. */
const DAY = '86400000'

/**
 * The cells in which a user counts. The first one is the strongest second factor or else the status, followed by ` admin` for that role,
 * by the day of creation. Enabled users with a second factor also count as `second-factor`, by the day since which they have one, and
 * users with a hash of another scheme as `imported-hash`. The day is -1 if no time is stored.
 * @param from `from users`; empty if `row` is the row of a trigger
 */
export function cellsSql(row: string, from = ''): string {
  const column = columnsOf(row)
  const kind = kindSql(row)
  const isImported = IMPORTED_HASHES.map((pattern) => `${column('hashed_password')} like '${pattern}'`).join(' or ')
  return `select ${kind} as kind, ${dayOf(column('created_at'))} as day ${from}
    union all select 'second-factor', ${dayOf(column('second_factor_at'))} ${from}
      where ${column('second_factor_at')} is not null and not ${isDisabledSql(row)}
    union all select 'imported-hash', -1 ${from} where ${isImported}`
}

/** The first cell of a user: `app`, `passkey`, `invited`, `no-factor` or `disabled`, with ` admin` for that role. */
export function kindSql(row: string): string {
  const column = columnsOf(row)
  const status = statusSql(row)
  return `case ${status} when 'active' then case when ${column('passkey_at')} is null then 'app' else 'passkey' end
    else ${status} end || case when ${column('role')} = 'admin' then ' admin' else '' end`
}

/**
 * Users who are distinguished by the end of their account, or whose factors say something else than their cell, as those of an externally
 * inserted row. The index of migration 25 contains this SQL.
 */
export const ACCOUNT_APART =
  '(expires_at is not null or otp_secret is not null or (passkey_at is not null and second_factor_at is null))'

/** Users with neither a password nor a second factor. The index of migration 25 contains this SQL. */
export const HAS_NOTHING =
  'hashed_password is null and second_factor_at is null and passkey_at is null and otp_secret is null'

/** The columns that determine the cells. */
const COUNTED = ['disabled', 'second_factor_at', 'invited_at', 'passkey_at', 'role', 'created_at', 'hashed_password']

/**
 * The statements that create the table of counts and its triggers, which count the writes of any program to `users`. On SQLite, which has
 * one writer, a cell is one row. On PostgreSQL each change adds a row and the cell is the sum of its rows, so that transactions do not
 * wait for each other at a row (lock contention).
 */
export function countingSql(dialect: Dialect): string[] {
  const text = dialect === 'sqlite' ? 'text' : 'text collate "C"'
  const table = `create table user_count (kind ${text} not null, day bigint not null, count bigint not null`
  const triggers = dialect === 'sqlite' ? sqliteTriggers() : postgresTriggers()
  return [
    dialect === 'sqlite' ? `${table}, primary key (kind, day)) without rowid` : `${table})`,
    ...triggers,
    // The users are counted after the creation of the triggers, which locks out all other writers on PostgreSQL.
    `insert into user_count (kind, day, count)
      select kind, day, count(*) from (${cellsSql('users', 'from users')}) as cell group by kind, day`,
  ]
}

// Without `on conflict` and `or ignore`: in SQLite the conflict clause of the statement that fired the trigger overrides them.
function sqliteTriggers(): string[] {
  const add = (row: string, count: string): string => `
    insert into user_count (kind, day, count) select kind, day, 0 from (${cellsSql(row)}) as cell
      where not exists (select 1 from user_count as known where known.kind = cell.kind and known.day = cell.day);
    update user_count set count = count + ${count} where (kind, day) in (select kind, day from (${cellsSql(row)}));`
  return [
    `create trigger users_count_insert after insert on users begin ${add('new', '1')} end`,
    `create trigger users_count_delete after delete on users begin ${add('old', '-1')} end`,
    `create trigger users_count_update after update of ${COUNTED.join(', ')} on users
      when ${COUNTED.map((name) => `old.${name} is not new.${name}`).join(' or ')}
      begin ${add('old', '-1')} ${add('new', '1')} end`,
  ]
}

// The function runs as its owner (security definer), so that a role that may write to `users` needs no other permission. Its search path
// is fixed and ends with pg_temp: PostgreSQL searches temporary tables first where the path does not name them, so that the temporary
// table of another role could replace `user_count`. The right to execute it is revoked from all other roles, which could otherwise use
// it in a trigger of their own table, whose casts would run as the owner. PostgreSQL checks that right only when a trigger is created,
// so the triggers below run for every writer.
function postgresTriggers(): string[] {
  const add = (cells: string): string => `insert into user_count (kind, day, count)
    select kind, day, sum(n) from (${cells}) as cell group by kind, day having sum(n) <> 0;`
  const counted = (cells: string, n: string): string => `select kind, day, ${n} as n from (${cells}) as cell`
  return [
    `create function count_users() returns trigger language plpgsql security definer as $$
    begin
      if tg_op = 'INSERT' then ${add(counted(cellsSql('row', 'from added as row'), '1'))}
      elsif tg_op = 'DELETE' then ${add(counted(cellsSql('row', 'from removed as row'), '-1'))}
      else ${add(`${counted(cellsSql('old'), '-1')} union all ${counted(cellsSql('new'), '1')}`)}
      end if;
      return null;
    end $$`,
    `do $$ begin
      execute format('alter function count_users() set search_path = %I, pg_temp', current_schema());
    end $$`,
    'revoke all on function count_users() from public',
    `create trigger users_count_insert after insert on users referencing new table as added
      for each statement execute function count_users()`,
    `create trigger users_count_delete after delete on users referencing old table as removed
      for each statement execute function count_users()`,
    `create trigger users_count_update after update of ${COUNTED.join(', ')} on users for each row
      when (${COUNTED.map((name) => `old.${name} is distinct from new.${name}`).join(' or ')})
      execute function count_users()`,
  ]
}

export function isEnabledSql(row: string): string {
  return `not ${isDisabledSql(row)}`
}

function isDisabledSql(row: string): string {
  const disabled = columnsOf(row)('disabled')
  return `(${disabled} is not null and cast(${disabled} as text) not in ('0', 'false'))`
}

function dayOf(column: string): string {
  return `coalesce(cast(${column} / ${DAY} as bigint), -1)`
}

function columnsOf(row: string): (name: string) => string {
  return (name) => (row === '' ? name : `${row}.${name}`)
}
