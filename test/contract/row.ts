// What one line of the recorded contract is made of.
import type { Difference } from './differences.ts'

/** Whoever takes part in the recording and signs in at some time. */
export type PersonName = 'johndoe' | 'alice' | 'carol' | 'dave' | 'erin'

export interface Sent {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS'
  /** `{token}` stands for the access token of whoever asks. */
  readonly path: string
  readonly form?: Readonly<Record<string, string>>
  readonly json?: unknown
  /** A body as it is, for those that are neither. */
  readonly text?: string
  /** The content type where it is not the one that follows from the body; null for none. */
  readonly type?: string | null
  /** Where it is not `Bearer {token}` of whoever asks; null for none. */
  readonly authorization?: string | null
}

export interface Answer {
  readonly status: number
  /** The `detail`, or the text of an answer that is no JSON. */
  readonly detail?: string
  readonly headers?: Readonly<Record<string, string>>
  /** An access token of type `bearer`. */
  readonly token?: true
  /** The user; that the `id` is always the same one is checked beside. */
  readonly user?: { readonly username: string; readonly email: string | null; readonly full_name: string | null }
  /** Which fields are wrong: a pointer (RFC 6901), and for ours the code of the fault behind it. */
  readonly faults?: readonly string[]
  /** Fields that must be there. */
  readonly holds?: readonly string[]
}

export interface Row {
  readonly case: string
  /** Whose access token goes along; nobody's when left out. */
  readonly as?: PersonName
  /** Whose authenticator app shows the codes `{code}`, `{earlier}`, `{later}`, `{used}` and `{wrong}`; else johndoe's. */
  readonly phone?: PersonName
  readonly first?: 'signs in again' | 'is disabled' | 'is refused five times' | 'is given a passkey'
  readonly send: Sent
  /** As recorded; left out for what the recording does not hold. */
  readonly origin?: Answer
  /** Left out where Doorward answers as the origin app does. */
  readonly ours?: Answer
  /** Why it differs. */
  readonly why?: Difference
  /** The password is sent as recorded although a stronger one stands in for it elsewhere. */
  readonly asRecorded?: true
}

export interface Group {
  readonly title: string
  readonly rows: readonly Row[]
}

const CHALLENGE = { 'www-authenticate': 'Bearer' }

export const TOKEN: Answer = { status: 200, token: true }
export const INCORRECT: Answer = { status: 401, detail: 'Incorrect username or password', headers: CHALLENGE }
export const NOT_AUTHENTICATED: Answer = { status: 401, detail: 'Not authenticated', headers: CHALLENGE }
export const NOT_VALIDATED: Answer = { status: 401, detail: 'Could not validate credentials', headers: CHALLENGE }
export const INACTIVE: Answer = { status: 400, detail: 'Inactive user' }
export const NO_PERMISSION: Answer = { status: 400, detail: 'User has insufficient permissions' }
export const FORBIDDEN: Answer = { status: 403, detail: 'User has insufficient permissions' }
export const CRASH: Answer = { status: 500, detail: 'Internal Server Error' }
export const NOT_FOUND: Answer = { status: 404, detail: 'Not Found' }
export const NO_USER: Answer = { status: 404, detail: 'There is no such user.' }
export const NAME_TAKEN: Answer = { status: 409, detail: 'Another user has this username.' }
export const ADDRESS_TAKEN: Answer = { status: 409, detail: 'Another user has this email address.' }

export function notAllowed(allow: string): Answer {
  return { status: 405, detail: 'Method Not Allowed', headers: { allow } }
}

/** An answer about single fields. */
export function faulty(...faults: string[]): Answer {
  return { status: 422, faults }
}

export function redirected(location: string): Answer {
  return { status: 307, headers: { location } }
}

export function shows(username: string, email: string | null = null, fullName: string | null = null): Answer {
  return { status: 200, user: { username, email, full_name: fullName } }
}

export function tokenForm(fields: Readonly<Record<string, string>>): Sent {
  return { method: 'POST', path: '/token', form: fields }
}

export function newUser(json: unknown): Sent {
  return { method: 'POST', path: '/users/', json }
}

export function get(path: string): Sent {
  return { method: 'GET', path }
}

export function replaceMe(json: unknown): Sent {
  return { method: 'PUT', path: '/users/me/', json }
}
