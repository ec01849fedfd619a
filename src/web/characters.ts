import type { FieldError } from '../kernel/fault.ts'
import { pointerTo } from './pointer.ts'

/**
 * NUL and half surrogate pairs mean nothing in any text here, cannot be stored by PostgreSQL and are cut or replaced
 * by others; so no string of an input may hold them.
 */
export function faultsInCharacters(value: unknown, pointer = ''): FieldError[] {
  if (typeof value === 'string') return isText(value) ? [] : [{ pointer, code: 'field.characters' }]
  if (typeof value !== 'object' || value === null) return []
  const faults: FieldError[] = []
  for (const key of Object.keys(value)) {
    faults.push(...faultsInCharacters((value as Record<string, unknown>)[key], pointerTo(pointer, key)))
  }
  return faults
}

function isText(value: string): boolean {
  return value.isWellFormed() && !value.includes('\0')
}
