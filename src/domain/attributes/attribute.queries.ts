import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { forShare, forUpdate } from '#foundation/platform/database/lock.ts'
import type { AttributeTable } from '#foundation/platform/database/schema.ts'
import { AT_JOINING, type Attribute, type Declaration } from './attribute.ts'

/** Returns all attributes in their order. */
export async function selectAttributes(db: Database): Promise<Attribute[]> {
  return (await inOrder(db).execute()).map(attributeFromRow)
}

/** The same, locked against a change and a deletion until the transaction ends. */
export async function shareAttributes(db: Database): Promise<Attribute[]> {
  return (await forShare(db, inOrder(db)).execute()).map(attributeFromRow)
}

/** The same, locked for a change until the transaction ends. */
export async function takeAttributes(db: Database): Promise<Attribute[]> {
  return (await forUpdate(db, inOrder(db)).execute()).map(attributeFromRow)
}

function inOrder(db: Database) {
  return db.selectFrom('attribute').selectAll().orderBy('position').orderBy('key')
}

function attributeFromRow(row: AttributeTable): Attribute {
  return {
    key: row.key,
    label: row.label,
    type: row.type,
    choices: JSON.parse(row.choices) as string[],
    visibleTo: row.visible_to,
    changedBy: row.changed_by,
    atJoining: AT_JOINING[row.at_joining] ?? 'never',
    position: row.position,
    revision: row.revision,
    createdAt: Number(row.created_at),
  }
}

function declaredColumns({ label, type, choices, visibleTo, changedBy, atJoining }: Declaration) {
  return {
    label,
    type,
    choices: JSON.stringify(choices),
    visible_to: visibleTo,
    changed_by: changedBy,
    at_joining: AT_JOINING.indexOf(atJoining),
  }
}

/** Inserts an attribute; false if there is one with this key. */
export async function insertAttribute(
  db: Database,
  declared: Declaration,
  { position, now }: { readonly position: number; readonly now: Instant },
): Promise<boolean> {
  const row = { key: declared.key, ...declaredColumns(declared), position, revision: 1, created_at: now }
  const insert = db
    .insertInto('attribute')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
  return (await insert.returning('key').executeTakeFirst()) !== undefined
}

/** Writes a declaration. */
export async function updateDeclaration(db: Database, declared: Declaration): Promise<void> {
  await db
    .updateTable('attribute')
    .set(declaredColumns(declared))
    .set((eb) => ({ revision: eb('revision', '+', 1) }))
    .where('key', '=', declared.key)
    .execute()
}

/** Gives an attribute and its values another key. Call it while the attributes are locked. */
export async function renameAttributeRow(db: Database, key: string, renamed: string): Promise<void> {
  await db.updateTable('attribute').set({ key: renamed }).where('key', '=', key).execute()
  await db.updateTable('user_attribute').set({ key: renamed }).where('key', '=', key).execute()
}

/** Writes the position of an attribute, which changes nothing that its revision counts. */
export async function updatePosition(db: Database, key: string, position: number): Promise<void> {
  await db.updateTable('attribute').set({ position }).where('key', '=', key).execute()
}

/** Deletes an attribute. Its values are deleted by `deleteValuesOf`, after this has waited for those who write some. */
export async function deleteAttributeRow(db: Database, key: string): Promise<void> {
  await db.deleteFrom('attribute').where('key', '=', key).execute()
}

/** Returns how many users have a value of the attribute; with texts, one of these. */
export async function countValues(db: Database, key: string, among?: readonly string[]): Promise<number> {
  const { count } = await db
    .selectFrom('user_attribute')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('key', '=', key)
    .$if(among !== undefined, (query) => query.where('value', 'in', among ?? []))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Deletes all values of an attribute. */
export async function deleteValuesOf(db: Database, key: string): Promise<void> {
  await db.deleteFrom('user_attribute').where('key', '=', key).execute()
}

/** Returns the values of a user by their keys, as stored. */
export async function selectValues(db: Database, subject: string): Promise<Map<string, string>> {
  const rows = await db.selectFrom('user_attribute').select(['key', 'value']).where('subject', '=', subject).execute()
  return new Map(rows.map(({ key, value }) => [key, value]))
}

export interface ValueRow {
  readonly subject: string
  readonly key: string
  readonly value: string
}

/** Writes a value instead of the one before. */
export async function putValue(db: Database, row: ValueRow, now: Instant): Promise<void> {
  await db
    .insertInto('user_attribute')
    .values({ ...row, changed_at: now })
    .onConflict((conflict) => conflict.columns(['subject', 'key']).doUpdateSet({ value: row.value, changed_at: now }))
    .execute()
}

/** Deletes a value. */
export async function deleteValue(db: Database, { subject, key }: Omit<ValueRow, 'value'>): Promise<void> {
  await db.deleteFrom('user_attribute').where('subject', '=', subject).where('key', '=', key).execute()
}
