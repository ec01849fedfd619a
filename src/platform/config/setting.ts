import type { Kind } from './parse.ts'

export interface Setting<Value> {
  readonly kind: Kind<Value>
  /** As it would be typed; null where nothing typed means the default, which `otherwise` then describes. */
  readonly standard: string | null
  readonly otherwise?: string
  /** Follows the name in the manual. */
  readonly sentence: string
  /** Never shown, and may come from a file named by `<name>_file`. */
  readonly secret?: true
  /** Refused as a flag: every user of the machine can read command lines. */
  readonly neverFlag?: true
  readonly example: string
}

/** The two other spellings of a setting's name. */
export const flagOf = (name: string): string => `--${name.replaceAll('_', '-')}`
export const variableOf = (name: string): string => `DOORWARD_${name.toUpperCase()}`
