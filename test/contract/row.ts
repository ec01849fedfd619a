// One row of the recorded contract: a request and its answers.
import type { Difference } from './differences.ts'

/** The users of the recording that sign in. */
export type PersonName = 'johndoe' | 'alice' | 'carol' | 'dave' | 'erin'

export interface Sent {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS'
  /** `{token}` is replaced by the access token of the row's user. */
  readonly path: string
  readonly form?: Readonly<Record<string, string>>
  readonly json?: unknown
  /** A body that is neither a form nor JSON, as it is. */
  readonly text?: string
  /** The content type where it differs from that of the body; null for none. */
  readonly type?: string | null
  /** The `Authorization` header where it is not `Bearer {token}`; null for none. */
  readonly authorization?: string | null
}

export interface Answer {
  readonly status: number
  /** The `detail`, or the text of an answer that is not JSON. */
  readonly detail?: string
  readonly headers?: Readonly<Record<string, string>>
  /** The answer has an access token of type `bearer`. */
  readonly token?: true
  /** The user in the answer; the replay also checks that the `id` stays the same. */
  readonly user?: { readonly username: string; readonly email: string | null; readonly full_name: string | null }
  /** The field errors: a pointer (RFC 6901), and for Doorward the code of the error after it. */
  readonly fieldErrors?: readonly string[]
  /** Fields that the answer must have. */
  readonly holds?: readonly string[]
}

export interface Row {
  readonly case: string
  /** The user whose access token is sent; none by default. */
  readonly as?: PersonName
  /** The user whose app computes `{code}`, `{earlier}`, `{later}`, `{used}` and `{wrong}`; johndoe by default. */
  readonly phone?: PersonName
  readonly first?: 'signs in again' | 'is disabled' | 'is refused five times' | 'is given a passkey'
  readonly send: Sent
  /** The recorded answer; missing for a request that was not recorded. */
  readonly origin?: Answer
  /** Doorward's answer, where it differs. */
  readonly ours?: Answer
  /** The reason for the difference. */
  readonly why?: Difference
  /** The password is sent as recorded although it has a substitute. */
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
export const EMAIL_TAKEN: Answer = { status: 409, detail: 'Another user has this email address.' }

export function notAllowed(allow: string): Answer {
  return { status: 405, detail: 'Method Not Allowed', headers: { allow } }
}

/** An answer about single fields. */
export function faulty(...fieldErrors: string[]): Answer {
  return { status: 422, fieldErrors }
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
