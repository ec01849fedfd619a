// What a request changes: its kind with the values of the change, and how they are stored.
import { snakeCase } from '#foundation/kernel/field-name.ts'
import { type Static, type TObject, Type } from '#foundation/web/http/type.ts'
import { AddAppSecret, ChangeAgents, ChangeApp, CreateApp, EnableApp } from './kinds/app.ts'
import { ChangeHost, CreateHost } from './kinds/host.ts'
import { ChangePolicy, CreatePolicy, Exempt, Unexempt } from './kinds/policy.ts'
import { ChangeResource, CreateResource } from './kinds/resource.ts'
import { ChangeRole, CreateRole } from './kinds/role.ts'
import { AddMember, Change, CreateUser, Invite, ResetSecondFactor, SetPassword } from './kinds/user.ts'
import { decodeField, encodeField, type StoredValue } from './stored-field.ts'

const NoValues = Type.Object({})

/** What a request does when it is carried out, with the values that it needs. */
const KINDS = {
  'create-user': CreateUser,
  invite: Invite,
  change: Change,
  enable: NoValues,
  disable: NoValues,
  delete: NoValues,
  'reset-second-factor': ResetSecondFactor,
  'set-password': SetPassword,
  'lift-review': NoValues,
  'create-role': CreateRole,
  'change-role': ChangeRole,
  'create-policy': CreatePolicy,
  'change-policy': ChangePolicy,
  exempt: Exempt,
  unexempt: Unexempt,
  'add-member': AddMember,
  'create-app': CreateApp,
  'change-app': ChangeApp,
  'enable-app': EnableApp,
  'add-app-secret': AddAppSecret,
  'create-resource': CreateResource,
  'change-resource': ChangeResource,
  'change-agents': ChangeAgents,
  'create-host': CreateHost,
  'change-host': ChangeHost,
}
export type ApprovalKind = keyof typeof KINDS
export const APPROVAL_KINDS = Object.keys(KINDS) as readonly ApprovalKind[]

/** Undefined where the schema lets a field be left out, so that no writer forgets one. */
type Every<Values> = {
  readonly [Field in keyof Values]-?: Values extends Record<Field, unknown> ? Values[Field] : Values[Field] | undefined
}
export type ApprovalValues = { readonly [Kind in ApprovalKind]: Every<Static<(typeof KINDS)[Kind]>> }

/** The values of one kind as a service takes them: it knows what holds for those that are left out. */
export type Given<Kind extends ApprovalKind> = {
  readonly [Field in keyof ApprovalValues[Kind]]?: ApprovalValues[Kind][Field] | undefined
}

export type ApprovalChange = {
  [Kind in ApprovalKind]: { readonly kind: Kind; readonly values: ApprovalValues[Kind] }
}[ApprovalKind]

/** A field of some kinds, and the values that it can have. */
export type FieldOf<Kinds extends ApprovalKind> = { [Kind in Kinds]: keyof ApprovalValues[Kind] }[Kinds]
export type ValueOf<Field> = {
  [Kind in ApprovalKind]: Field extends keyof ApprovalValues[Kind] ? ApprovalValues[Kind][Field] : never
}[ApprovalKind]

/** The values of any kind. */
export type SomeValues = { readonly [Field in FieldOf<ApprovalKind>]?: ValueOf<Field> }

/** The values of a change as they are stored and shown by the API, by their names there. Never a secret. */
export type ApprovalParameters = Readonly<Record<string, StoredValue>>

/** Returns the schema of the stored values; undefined for a kind that only a newer version has. */
export function schemaOf(kind: string): TObject | undefined {
  if (!Object.hasOwn(KINDS, kind)) return undefined
  return Type.Object(Object.fromEntries(fieldsOf(kind).map(([field, schema]) => [snakeCase(field), schema])))
}

/** Returns the values as they are stored. */
export function encodeChange({ kind, values }: ApprovalChange): ApprovalParameters {
  const given = new Map<string, unknown>(Object.entries(values))
  const stored = fieldsOf(kind).map(([field, schema]) => [snakeCase(field), encodeField(schema, given.get(field))])
  return Object.fromEntries(stored.filter(([, value]) => value !== undefined))
}

/** Returns the change of stored values, which this program has written: `schemaOf` checks them before they are carried out. */
export function decodeChange(kind: string, stored: ApprovalParameters): ApprovalChange {
  const values = fieldsOf(kind).map(([field, schema]) => [field, decodeField(schema, stored[snakeCase(field)])])
  return { kind, values: Object.fromEntries(values) } as ApprovalChange
}

function fieldsOf(kind: string) {
  return Object.hasOwn(KINDS, kind) ? Object.entries(KINDS[kind as ApprovalKind].properties) : []
}
