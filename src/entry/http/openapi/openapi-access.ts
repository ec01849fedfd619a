import type { FastifyContextConfig } from 'fastify'

import type { Permission, Scope } from '#foundation/kernel/principal.ts'
import type { Access } from '#foundation/web/http/access.ts'
import { isOpen, scopesOfRoute } from '../permission.ts'

/** Who may use an operation, as its route declares it: `x-access` in the document. */
export interface OperationAccess {
  readonly access: Access
  readonly or?: Permission
  readonly besides?: Permission
  /** Whether the session must have verified a factor a short time ago. */
  readonly recent?: true
  /** The scopes that an API token needs; empty where none is accepted. Left out where no credential is asked for. */
  readonly scopes?: readonly Scope[]
  /** Whether the two-person rule may let it wait for a second admin. */
  readonly secondAdmin?: true
}

/** Reads the declaration of a route, which is the only source of what the document says of its access. */
export function operationAccess({ method, config }: { method: string; config: FastifyContextConfig }): OperationAccess {
  const { access = 'anyone', or, besides, authentication, refusals = [] } = config
  return {
    access,
    ...(or && { or }),
    ...(besides && { besides }),
    ...(authentication && { recent: true }),
    ...(!isOpen(access) && { scopes: scopesOfRoute({ ...config, access, method }) ?? [] }),
    ...(refusals.includes('approval.waiting') && { secondAdmin: true }),
  }
}

/** The same in sentences; none for what anyone may use. */
export function accessInWords({ access, or, besides, recent, scopes, secondAdmin }: OperationAccess): string {
  const withToken = scopes?.length
    ? `An API token needs the scope${scopes.length > 1 ? 's' : ''} ${scopes.map(code).join(' and ')}.`
    : 'API tokens are refused.'
  return [
    access === 'attempt' && 'It takes the token of a sign-in attempt.',
    access === 'signed-in' && 'For every signed-in user.',
    !isOpen(access) && access !== 'signed-in' && `It needs the permission ${permissionInWords(access, or, besides)}.`,
    recent && 'It needs a session in which you confirmed it’s you a short time ago.',
    scopes && withToken,
    secondAdmin && 'With the two-person rule a second admin may have to agree; the answer then names the request.',
  ]
    .filter(Boolean)
    .join(' ')
}

function permissionInWords(access: Permission, or?: Permission, besides?: Permission): string {
  return `${code(access)}${or ? ` or ${code(or)}` : ''}${besides ? ` and ${code(besides)}` : ''}`
}

function code(text: string): string {
  return `\`${text}\``
}
