// What the tables of one kind in a file change, such as [[resource]]: each is found by a key that never changes. Tested in resource-plan.test.ts and
// host-plan.test.ts.
import type { FieldError } from '#foundation/kernel/refusal.ts'
import type { FieldChange } from './file-table.ts'

/** One that is added or changed. */
export interface PlannedTable<Stored, Fields> {
  /** Null for one that is added. */
  readonly before: Stored | null
  readonly fields: Fields
  /** Of one that is added, those that are not as in any new one. */
  readonly changes: readonly FieldChange[]
}

export interface TablePlan<Stored, Fields> {
  readonly added: readonly PlannedTable<Stored, Fields>[]
  readonly changed: readonly PlannedTable<Stored, Fields>[]
  readonly unchanged: readonly Stored[]
  /** Not in the file, and deleted. */
  readonly removed: readonly Stored[]
  /** Not in the file, and kept. */
  readonly others: readonly Stored[]
}

interface ReadTable<Stored, Fields> extends PlannedTable<Stored, Fields> {
  readonly key: string
  readonly errors: readonly FieldError[]
}

interface Tables<Stored, Fields> {
  readonly tables: readonly ReadTable<Stored, Fields>[]
  readonly stored: readonly Stored[]
  readonly keyOf: (stored: Stored) => string
  readonly removesOthers: boolean
  readonly most: { readonly pointer: string; readonly maximum: number }
}

/** Returns the plan, and all errors. */
export function planTables<Stored, Fields>({
  tables,
  stored,
  keyOf,
  removesOthers,
  most,
}: Tables<Stored, Fields>): {
  readonly plan: TablePlan<Stored, Fields>
  readonly errors: readonly FieldError[]
} {
  const named = new Set(tables.map(({ key }) => key))
  const missing = stored.filter((one) => !named.has(keyOf(one)))
  const [removed, others] = removesOthers ? [missing, []] : [[], missing]
  const { pointer, maximum } = most
  const tooMany = tables.length + others.length > maximum
  const differing = tables.filter(({ changes }) => changes.length > 0).map(({ key: _, errors: __, ...one }) => one)
  return {
    errors: [
      ...(tooMany ? [{ pointer, code: 'field.too_many', facts: { maximum } }] : []),
      ...tables.flatMap(({ errors }) => errors),
    ],
    plan: {
      added: differing.filter(({ before }) => before === null),
      changed: differing.filter(({ before }) => before !== null),
      unchanged: tables.flatMap(({ before, changes }) => (changes.length === 0 ? (before ?? []) : [])),
      removed,
      others,
    },
  }
}
