// Groups of users: what a group is, and the rules for its fields. A group gives no permission; policies and other apps read it.
import { distinctNameKey, errorsInDistinctName } from '#foundation/kernel/distinct-name.ts'
import { foldName } from '#foundation/kernel/fold.ts'
import { isPlainName } from '#foundation/kernel/given-name.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { GROUP_NAME_MAXIMUM } from '#foundation/kernel/stated-limits.ts'
import type { Instant } from '#foundation/kernel/time.ts'

export const GROUP_DESCRIPTION_MAXIMUM = 300
export const GROUPS_MAXIMUM = 10_000
/** How many managers a group may have. */
export const MANAGERS_MAXIMUM = 50

export interface Group {
  readonly id: string
  readonly name: string
  /** Empty for none. */
  readonly description: string
  readonly revision: number
  readonly createdAt: Instant
}

export interface ListedGroup extends Group {
  readonly members: number
}

/** A group as a user sees it who is in it, or manages it. */
export interface OwnGroup extends ListedGroup {
  readonly isMember: boolean
  readonly isManager: boolean
}

/** An omitted field stays unchanged. */
export interface GroupFields {
  readonly name?: string | undefined
  readonly description?: string | undefined
}

/** A group with how its members are listed: a large one is read along the list of all users. */
export interface SizedGroup {
  readonly id: string
  readonly isLarge: boolean
}

/** A user as the managers of a group see them. */
export interface Member {
  readonly id: number
  readonly subject: string
  readonly username: string
  readonly fullName: string | null
}

/** Lists of names separate groups by it, so no name contains it. */
export const GROUP_SEPARATOR = ';'

/** Returns the fields as they are stored: in NFC, without surrounding blanks. */
export function plainGroupFields({ name, description }: GroupFields): GroupFields {
  return { name: name?.normalize('NFC').trim(), description: description?.normalize('NFC').trim() }
}

/** Returns the errors of the given fields, at most one for each. Lengths are in code points. */
export function fieldErrorsInGroup({ name, description }: GroupFields): FieldError[] {
  return [
    ...(name === undefined ? [] : errorsInName(name)),
    ...(description === undefined ? [] : errorsInDescription(description)),
  ]
}

function errorsInName(name: string): FieldError[] {
  const code = 'group.name_characters'
  const errors = errorsInDistinctName(name, GROUP_NAME_MAXIMUM, code)
  const isSeparated = errors.length === 0 && foldName(name).includes(GROUP_SEPARATOR)
  return isSeparated ? [{ pointer: '/name', code }] : errors
}

function errorsInDescription(description: string): FieldError[] {
  const pointer = '/description'
  if (Array.from(description).length > GROUP_DESCRIPTION_MAXIMUM) {
    return [{ pointer, code: 'field.too_long', facts: { maximum: GROUP_DESCRIPTION_MAXIMUM } }]
  }
  return isPlainName(description) ? [] : [{ pointer, code: 'field.characters' }]
}

/** Returns the text by which names are compared: two groups cannot have names that differ only by case, Unicode form or joiners. */
export function groupKey(name: string): string {
  return distinctNameKey(name)
}

/** How many groups a new user may be added to at once. */
export const MOST_GROUPS = 20

/** Returns the names in a text, separated by semicolons; each once. */
export function groupNamesIn(text: string): string[] {
  const names = text.split(GROUP_SEPARATOR).map((name) => name.trim())
  return [...new Map(names.map((name) => [groupKey(name), name])).values()].filter((name) => name !== '')
}

/** Returns the usernames and emails of a text with one on each line, or separated by commas or semicolons. */
export function wordsIn(text: string): string[] {
  return text
    .split(/[\r\n,;]+/)
    .map((word) => word.trim())
    .filter((word) => word !== '')
}
