import { isForAdmins, isForAnyone } from './openapi.ts'
import type { Operation } from './openapi.ts'
import type { Sent } from './request-fuzzer.ts'

export const FORM = 'application/x-www-form-urlencoded'

/** The operation in a role that it admits, so that a malformed body is what it refuses, and not the role. */
export function asWhoMay(operation: Operation): Pick<Sent, 'operation' | 'as'> {
  if (isForAnyone(operation)) return { operation, as: 'nobody' }
  return { operation, as: isForAdmins(operation) ? 'admin' : 'user' }
}
