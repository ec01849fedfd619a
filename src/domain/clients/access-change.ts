// The last change of who may use an app, read back from its event, so that it can be undone. Tested in access-change.test.ts.
import { snakeCase } from '#foundation/kernel/field-name.ts'
import { textOf } from './client-fields.ts'
import { type ClientFields, REQUIRED_LEVELS } from './client.ts'

const ACCESS_FIELDS = ['allowedRoles', 'allowedGroups', 'leastAssurance', 'maxAge'] as const
export type AccessFields = Pick<ClientFields, (typeof ACCESS_FIELDS)[number]>

type Details = Readonly<Record<string, unknown>>

/** Whether an event of this app has changed who may use it. */
export function changesAccess(details: Details | null, clientId: string): boolean {
  return details?.['client'] === clientId && fieldsIn(details).length > 0
}

/**
 * Returns who could use the app before a change, by the details of its event; undefined if the app was changed again since, or if the details
 * cannot be read.
 */
export function accessBefore(fields: ClientFields, details: Details): AccessFields | undefined {
  if (fieldsIn(details).some((field) => details[snakeCase(field)] !== textOf(fields, field))) return undefined
  const allowedRoles = valueBefore(fields, details, 'allowedRoles')
  const allowedGroups = valueBefore(fields, details, 'allowedGroups')
  const leastAssurance = valueBefore(fields, details, 'leastAssurance')
  const maxAge = valueBefore(fields, details, 'maxAge')
  if (allowedRoles === undefined || allowedGroups === undefined) return undefined
  if (leastAssurance === undefined || maxAge === undefined) return undefined
  return { allowedRoles, allowedGroups, leastAssurance, maxAge }
}

/** Returns the value of a field before the change; undefined for one that cannot be read. */
function valueBefore<Field extends keyof AccessFields>(
  fields: AccessFields,
  details: Details,
  field: Field,
): AccessFields[Field] | undefined {
  if (!fieldsIn(details).includes(field)) return fields[field]
  const text = details[`${snakeCase(field)}_before`]
  return typeof text === 'string' ? READ[field](text) : undefined
}

function fieldsIn(details: Details): (typeof ACCESS_FIELDS)[number][] {
  const { fields } = details
  const names = typeof fields === 'string' ? fields.split(' ') : []
  return ACCESS_FIELDS.filter((field) => names.includes(snakeCase(field)))
}

const listIn = (text: string): string[] => text.split(' ').filter((word) => word !== '')

/** The values of texts of `textOf`; undefined for one that is none of them. */
const READ: { readonly [Field in keyof AccessFields]: (text: string) => AccessFields[Field] | undefined } = {
  allowedRoles: listIn,
  allowedGroups: listIn,
  leastAssurance: (text) => (text === '' ? null : REQUIRED_LEVELS.find((level) => level === text)),
  maxAge: (text) => (text === '' ? null : Number(text) || undefined),
}
