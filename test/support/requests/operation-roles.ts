import { isForAdmins, isForAnyone } from './openapi.ts'
import type { Operation } from './openapi.ts'
import type { Sent } from './request-fuzzer.ts'

export const FORM = 'application/x-www-form-urlencoded'

/** The operation with a role that may use it, so that a malformed body is what the server refuses, and not the role. */
export function inAdmittedRole(operation: Operation): Pick<Sent, 'operation' | 'as'> {
  if (isForAnyone(operation)) return { operation, as: 'anonymous' }
  return { operation, as: isForAdmins(operation) ? 'admin' : 'user' }
}
