// Decides whether a request of a protected host may pass: by its host, its rule, and who sends it.
import { isApiToken, resolveHostToken } from '#domain/api-tokens/api-token.service.ts'
import {
  letsPass,
  type PreparedRules,
  prepareRules,
  requirementOfRule,
  requiresAuthentication,
  ruleFor,
} from '#domain/hosts/host-rule.ts'
import { hostCookieHash } from '#domain/hosts/host-session.service.ts'
import { hasHosts } from '#domain/hosts/host.service.ts'
import { type HostRule, needsGroups, type ProtectedHost, rulesIn } from '#domain/hosts/host.ts'
import { type IdentityHeaders, identityHeaders, ANONYMOUS } from '#domain/hosts/identity-headers.ts'
import { sessionRules, tokenRules } from '#domain/policies/evaluation/session-rules.service.ts'
import { type AuthenticationRequirement, fulfils } from '#domain/sessions/reauthentication.ts'
import type { SessionWithUser } from '#domain/sessions/session-user.queries.ts'
import { sessionIn } from '#domain/sessions/session.service.ts'
import type { Context } from '#foundation/context.ts'
import type { AuthenticatedPrincipal, PrincipalUser, Transport } from '#foundation/kernel/principal.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { namesUser, type PresentedToken } from './credentials.ts'
import { type ForwardedRequest, isSafeScheme, pathOf } from './forwarded-request.ts'
import { selectGroupsOfUser, selectVisit, type VisitRow } from './visit.view.ts'

/** Why a request is refused for all senders, or although its user is signed in. */
export type RefusalReason =
  | 'host_not_proxied'
  | 'host_headers'
  | 'host_unknown'
  | 'host_http'
  | 'host_malformed'
  | 'host_ambiguous'
  | 'host_rule'
  | 'host_token'
  | 'host_circle'

export interface RequestedHost {
  readonly id: string
  readonly name: string
  readonly apiTokens: boolean
}

/** Who sends a request. The use of the session or token is noted after the answer. */
export interface Visitor {
  readonly principal: AuthenticatedPrincipal
  readonly dueForTouch: boolean
}

export type Decision =
  | {
      readonly kind: 'pass'
      readonly host: RequestedHost
      readonly identity: IdentityHeaders
      readonly visitor: Visitor | undefined
    }
  /** No user is signed in, or not as recently or strongly as the rule requires. */
  | {
      readonly kind: 'sign-in'
      readonly host: RequestedHost
      readonly rule: HostRule
      readonly requirement: AuthenticationRequirement
      readonly visitor: Visitor | undefined
    }
  | { readonly kind: 'wrong-token'; readonly host: RequestedHost }
  | {
      readonly kind: 'refused'
      readonly reason: RefusalReason
      readonly host: RequestedHost | undefined
      readonly visitor: Visitor | undefined
    }

export interface Asked {
  readonly request: ForwardedRequest
  readonly isPreflight: boolean
  readonly cookie: string | undefined
  readonly token: PresentedToken | undefined
}

/** Rules by the text in which they are stored: reading and preparing a hundred of them takes longer than the rest of a request. */
export class RulesMemory {
  readonly #byHost = new Map<string, { readonly stored: string; readonly prepared: PreparedRules }>()

  of({ hostId, rules: stored }: Pick<VisitRow, 'hostId' | 'rules'>): PreparedRules {
    const known = this.#byHost.get(hostId)
    if (known?.stored === stored) return known.prepared
    const prepared = prepareRules(rulesIn(stored))
    this.#byHost.set(hostId, { stored, prepared })
    return prepared
  }
}

/** Returns whether a request may pass, and as whom. Throws `request.not_found` if no host is protected. */
export async function decide(ctx: Context, memory: RulesMemory, asked: Asked): Promise<Decision> {
  const { request } = asked
  const row = await selectVisit(ctx.db, request.host, hostCookieHash(asked.cookie) ?? '')
  if (row === undefined) {
    await requireHosts(ctx)
    return { kind: 'refused', reason: 'host_unknown', host: undefined, visitor: undefined }
  }
  const host = { id: row.hostId, name: row.hostName, apiTokens: row.apiTokens === 1 }
  const refused = (reason: RefusalReason, visitor?: Visitor): Decision => ({ kind: 'refused', reason, host, visitor })
  if (!isSafeScheme(request)) return refused('host_http')
  const found = ruleFor(memory.of(row), { method: request.method, path: pathOf(request) })
  if ('refused' in found) return refused(found.refused === 'malformed' ? 'host_malformed' : 'host_ambiguous')
  if (asked.isPreflight && row.preflights === 1) return { kind: 'pass', host, identity: ANONYMOUS, visitor: undefined }

  const token = host.apiTokens && asked.token !== undefined && isApiToken(asked.token.token) ? asked.token : undefined
  const visitor = token === undefined ? await visitorInSession(ctx, row) : await visitorWithToken(ctx, host, token)
  if (token !== undefined && visitor === undefined) return { kind: 'wrong-token', host }
  const { rule } = found
  const groups = visitor === undefined ? [] : await groupsOf(ctx, row, visitor)
  if (!letsPass(rule, visitor && { role: visitor.principal.user.role, groupIds: groups.map(({ id }) => id) })) {
    const requirement = requirementOfRule(rule, ctx.now)
    return visitor === undefined ? { kind: 'sign-in', host, rule, requirement, visitor } : refused('host_rule', visitor)
  }
  if (visitor !== undefined && requiresAuthentication(rule)) {
    const { principal } = visitor
    if (principal.kind === 'api-token') return refused('host_token', visitor)
    const requirement = requirementOfRule(rule, ctx.now)
    if (!fulfils(principal.session, requirement)) return { kind: 'sign-in', host, rule, requirement, visitor }
  }
  if (visitor === undefined) return { kind: 'pass', host, identity: ANONYMOUS, visitor }
  const shared = JSON.parse(row.sharedGroups) as string[]
  const names = groups.filter(({ id }) => shared.includes(id)).map(({ name }) => name)
  return { kind: 'pass', host, identity: identityHeaders(visitor.principal.user, names.toSorted()), visitor }
}

/** Throws `request.not_found` if no host is protected: the routes of forward-auth do not exist then. */
export async function requireHosts(ctx: Pick<Context, 'db'>): Promise<void> {
  if (!(await hasHosts(ctx))) throw new Refusal('request.not_found')
}

/** Returns who is signed in at a host by its cookie; undefined where no user is. */
export async function visitorAt(
  ctx: Context,
  hostName: string,
  cookie: string | undefined,
): Promise<Visitor | undefined> {
  const hash = hostCookieHash(cookie)
  const row = hash === undefined ? undefined : await selectVisit(ctx.db, hostName, hash)
  return row && visitorInSession(ctx, row)
}

/** Whether a user may open anything at a host that is not open to all. */
export async function isOpenToUser(
  { db }: Pick<Context, 'db'>,
  host: Pick<ProtectedHost, 'rules' | 'sharedGroups'>,
  { role, subject, username }: Pick<PrincipalUser, 'role' | 'subject' | 'username'>,
): Promise<boolean> {
  // A user without a name is not signed in at a host, so that the browser would be led in a circle.
  if (username === '') return false
  const groups = needsGroups(host) ? await selectGroupsOfUser(db, subject) : []
  const user = { role, groupIds: groups.map(({ id }) => id) }
  const isForAll = ({ path, methods }: HostRule): boolean => path === '/' && methods.length === 0
  // A request that no rule concerns is for all who are signed in.
  return !host.rules.some(isForAll) || host.rules.some((rule) => rule.who !== 'everyone' && letsPass(rule, user))
}

type RowOfSession = VisitRow & SessionWithUser & { readonly tokenHash: string; readonly transport: Transport }

/** Whether a session with its user was found. The join finds no user if the credentials were changed since. */
function isOfSession(row: VisitRow): row is RowOfSession {
  return row.sessionId !== null && row.subject !== null
}

async function visitorInSession(ctx: Context, row: VisitRow): Promise<Visitor | undefined> {
  if (!isOfSession(row)) return undefined
  const found = await sessionIn(ctx, row, row, sessionRules(ctx))
  if (found === undefined) return undefined
  const { user, session, terms, dueForTouch } = found
  return named({ principal: { kind: 'session', source: ctx.principal.source, user, session, terms }, dueForTouch })
}

async function visitorWithToken(
  ctx: Context,
  { id: hostId }: RequestedHost,
  presented: PresentedToken,
): Promise<Visitor | undefined> {
  const found = await resolveHostToken(ctx, { token: presented.token, hostId }, tokenRules(ctx))
  if (found === undefined || !namesUser(presented, found.user.username)) return undefined
  const { user, token, dueForTouch } = found
  return named({ principal: { kind: 'api-token', source: ctx.principal.source, user, token }, dueForTouch })
}

/** A row of another program may have no username. To the app, an empty name would mean that no user is signed in. */
function named(visitor: Visitor): Visitor | undefined {
  return visitor.principal.user.username === '' ? undefined : visitor
}

interface NamedGroup {
  readonly id: string
  readonly name: string
}

/** The groups of the user if the host needs them, from the row where it is that of the user's session. */
async function groupsOf(
  { db }: Pick<Context, 'db'>,
  { groups, needsGroups }: VisitRow,
  { principal }: Visitor,
): Promise<readonly NamedGroup[]> {
  if (needsGroups === 0) return []
  if (principal.kind === 'api-token') return selectGroupsOfUser(db, principal.user.subject)
  return JSON.parse(groups ?? '[]') as NamedGroup[]
}
