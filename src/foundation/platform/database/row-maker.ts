import type { SQLOutputValue } from 'node:sqlite'

/** Makes an object of the values of one row, in the order of the columns. */
export type RowMaker = (values: readonly SQLOutputValue[]) => Record<string, SQLOutputValue>

/**
 * The maker for these columns: an object literal that names them. Objects that get their names one by one cost fifteen times
 * that, and those of more than a dozen columns are slow to read too.
 */
export function rowMakerFor(columns: readonly string[]): RowMaker {
  const fields = columns.map((name, index) => `${keyOf(name)}: values[${index}]`)
  // Only the names of columns become code, as texts; no value does.
  // oxlint-disable-next-line no-new-func, typescript/no-implied-eval
  return new Function('values', `return { ${fields.join(', ')} }`) as RowMaker
}

/** In brackets this one is a name like all others; without them it would set the prototype. */
function keyOf(name: string): string {
  return name === '__proto__' ? '["__proto__"]' : JSON.stringify(name)
}
