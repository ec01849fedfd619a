import type { FastifyContextConfig, FastifyRequest, HookHandlerDoneFunction } from 'fastify'

import { isApiToken, noteTokenUses, resolveApiToken } from '#domain/api-tokens/api-token.service.ts'
import { recordRefusal } from '#domain/audit/audit.service.ts'
import { sessionRules, tokenRules } from '#domain/policies/evaluation/session-rules.service.ts'
import { staleAuthentication } from '#domain/sessions/reauthentication.ts'
import { noteUses, resolveSession } from '#domain/sessions/session.service.ts'
import { contextFor, type Dependencies } from '#foundation/context.ts'
import type { AuthenticatedPrincipal, Principal } from '#foundation/kernel/principal.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { hashOf } from '#foundation/kernel/secret-token.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { type Instant, isWithin, minutes } from '#foundation/kernel/time.ts'
import { isSafe } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { deviceCookieNames, sessionCookieName } from '#foundation/web/http/cookies.ts'
import { isOwnForm } from '#foundation/web/http/form-token.ts'
import { isSameOrigin } from '#foundation/web/http/origin-check.ts'
import { isNavigation } from './errors/errors.ts'
import { LastUsedWriter } from './last-used-writer.ts'
import { accessRefusal, isOpen } from './permission.ts'
import { type Credential, credentialIn, requestSourceOf } from './request-source.ts'
import { isAtWrongUrl, showWrongUrl } from './wrong-url.pages.ts'

/**
 * Gives every request its context and enforces the access that its route declares: before a body is read (`readFirst` names the exception),
 * and again if time has passed while the body arrived. After the answer, the use of the session or the API token is stored.
 */
export function registerAccess(app: App, deps: Dependencies): void {
  const cookieName = sessionCookieName(deps.config)
  const deviceCookies = deviceCookieNames(deps.config)
  const recordForbidden = forbiddenRecorder()
  app.decorateRequest('ctx')
  app.decorateRequest('dueForTouch', false)
  app.decorateRequest('refusedUnread', undefined)
  app.addHook('onRequest', (request, reply, done) => {
    const { config, isUnknown } = request.route
    const isPage = config.page === true
    request.ctx = contextFor(deps, { kind: 'anonymous', source: requestSourceOf(request, isPage ? deviceCookies : []) })
    if (isAtWrongUrl(request, isPage)) return void showWrongUrl(request, reply)
    if (isUnknown) return refuseUnknown(request, cookieName, done)
    const needed = isPage || !isOpen(config.access)
    const credential = needed ? credentialIn(request.headers, cookieName) : undefined
    if (isForged(request, isPage, credential))
      return void refuseForged(request, credential, recordForbidden).then(done, done)
    const end = (refusal?: unknown): void =>
      done(readFirst(request, refusal) ? undefined : (refusal as Error | undefined))
    if (credential === undefined) return end(authorize(request, config))
    admit(request, config, credential, recordForbidden).then(end, end)
  })
  app.addHook('preValidation', (request, _reply, done) =>
    done(request.refusedUnread ?? refusalAfterBody(request, deps) ?? formRefusal(request)),
  )
  noteUsesAfterAnswers(app, deps)
}

/** The longest form that is read to be kept, in bytes; its cookie holds less. */
const LONGEST_KEPT = 8192

/**
 * Whether the form of a page is read before it is refused, because its session has ended and its fields may be kept. It comes from a page of
 * ours, which was checked before.
 */
function readFirst(request: FastifyRequest, refusal: unknown): boolean {
  if (!(refusal instanceof Refusal) || refusal.kind !== 'unauthenticated' || request.route.config.page !== true)
    return false
  const { 'content-type': type = '', 'content-length': length } = request.headers
  if (isSafe(request) || !type.startsWith('application/x-www-form-urlencoded') || !(Number(length) <= LONGEST_KEPT))
    return false
  request.refusedUnread = refusal
  return true
}

/** Resolves the session on 404s too, only so that the error page can show the signed-in user. */
function refuseUnknown(request: FastifyRequest, cookieName: string, done: HookHandlerDoneFunction): void {
  const refuse = (): void => done(new Refusal('request.not_found'))
  const credential = isNavigation(request) ? credentialIn(request.headers, cookieName) : undefined
  if (credential?.transport !== 'cookie') return refuse()
  authenticate(request, false, credential).then(refuse, refuse)
}

function noteUsesAfterAnswers(app: App, deps: Dependencies): void {
  const sessions = new LastUsedWriter(deps, noteUses)
  const tokens = new LastUsedWriter(deps, noteTokenUses)
  app.addHook('onClose', async () => {
    await sessions.close()
    await tokens.close()
  })
  app.addHook('onResponse', ({ ctx: { principal, now }, dueForTouch }, _reply, done) => {
    if (dueForTouch && principal.kind === 'session') sessions.note(principal.session.id, now)
    if (dueForTouch && principal.kind === 'api-token') tokens.note(principal.token.id, now)
    done()
  })
}

/**
 * A body may arrive slowly: codes, re-authentication and events use the time at which it had arrived. The session is read again in the
 * transaction of the change: it may have been revoked since the headers (TOCTOU).
 */
function refusalAfterBody(request: FastifyRequest, { clock }: Dependencies): Refusal | undefined {
  const { ctx } = request
  const now = clock.now()
  if (now === ctx.now) return undefined
  request.ctx = { ...ctx, now }
  return authorize(request, request.route.config)
}

/** A form of a signed-in user must contain the token of the same session (CSRF). */
function formRefusal(request: FastifyRequest): Refusal | undefined {
  if (isSafe(request) || request.route.config.page !== true) return undefined
  return isOwnForm(request) ? undefined : new Refusal('request.form_outdated')
}

/** Whether a page of another site made the browser send its cookie or a form (CSRF). */
function isForged(request: FastifyRequest, isPage: boolean, credential?: Credential): boolean {
  const { headers, ctx } = request
  if (isSafe(request)) return false
  if (!isPage && credential?.transport !== 'cookie') return false
  return !isSameOrigin(headers, ctx.config.publicUrl)
}

/**
 * Returns the refusal of a forged request. The user whose cookie the browser sent is the actor of the event, and nothing else of the request
 * sees the session: it is not prolonged, and the page of the error shows no user.
 */
async function refuseForged(
  request: FastifyRequest,
  credential: Credential | undefined,
  recordForbidden: ReturnType<typeof forbiddenRecorder>,
): Promise<Refusal> {
  const refusal = new Refusal('request.cross_origin')
  const { ctx } = request
  if (credential?.transport !== 'cookie') return refusal
  await authenticate(request, true, credential)
  if (request.ctx.principal.kind === 'session') await recordForbidden(request, refusal)
  request.ctx = ctx
  request.dueForTouch = false
  return refusal
}

/** Returns the refusal, if any. A refusal of an authenticated user is recorded first. */
async function admit(
  request: FastifyRequest,
  config: FastifyContextConfig,
  credential: Credential,
  recordForbidden: ReturnType<typeof forbiddenRecorder>,
): Promise<Refusal | undefined> {
  await authenticate(request, isOpen(config.access), credential)
  const refusal = authorize(request, config)
  if (refusal?.kind === 'forbidden') await recordForbidden(request, refusal)
  return refusal
}

const MOST_RECORDED = 1000

/**
 * Returns a function that records the attempt of an authenticated user to use a forbidden route; unauthenticated requests are not recorded.
 * It records once a minute for each session and route, so that repeated requests do not fill the log.
 */
function forbiddenRecorder() {
  const recordedAt = new Map<string, Instant>()
  return async ({ ctx, method, route: { url } }: FastifyRequest, refusal: Refusal): Promise<void> => {
    const route = url ?? null
    const key = `${credentialIdOf(ctx.principal)} ${method} ${route}`
    if (isWithin(minutes(1), recordedAt.get(key) ?? -Infinity, ctx.now)) return
    if (recordedAt.size >= MOST_RECORDED) recordedAt.clear()
    recordedAt.set(key, ctx.now)
    await recordRefusal(ctx, { action: 'access.refused', details: { method, route } }, refusal)
  }
}

function credentialIdOf(principal: Principal): string {
  if (principal.kind === 'session') return principal.session.id
  return principal.kind === 'api-token' ? principal.token.id : ''
}

/** Puts the principal of a credential into the context. An invalid credential is ignored where the route is open to all. */
async function authenticate(request: FastifyRequest, isOpenToAll: boolean, credential: Credential): Promise<void> {
  // An API token is for programs: on a page that is open to all it is ignored.
  const isToken = credential.transport === 'bearer' && isApiToken(credential.token)
  if (isToken && isOpenToAll) return
  const { ctx } = request
  const { source } = ctx.principal
  const found = isToken
    ? await resolveApiToken(ctx, credential.token, tokenRules(ctx))
    : await resolveSession(ctx, credential, sessionRules(ctx))
  if (found !== undefined) {
    const { dueForTouch, user } = found
    const principal: AuthenticatedPrincipal =
      'token' in found
        ? { kind: 'api-token', source, user, token: found.token }
        : { kind: 'session', source, user, session: found.session, terms: found.terms }
    request.ctx = { ...ctx, principal }
    request.dueForTouch = dueForTouch
  } else if (!isOpenToAll) throw new Refusal('access.invalid_token')
  else if (credential.transport === 'cookie') {
    const endedTokenHash = hashOf(Secret.of(credential.token))
    request.ctx = { ...ctx, principal: { kind: 'anonymous', source, endedTokenHash } }
  }
}

function authorize({ ctx, method }: FastifyRequest, config: FastifyContextConfig): Refusal | undefined {
  // The route checks stop a boot with a route that declares no access. If one were missed, this refusal fails closed.
  if (config.access === undefined) return new Refusal('access.insufficient_permissions')
  const refusal = accessRefusal({ ...config, access: config.access, method }, ctx.principal)
  if (refusal || config.authentication === undefined) return refusal
  return staleAuthentication(ctx.principal, ctx.now, ctx.config.reauthenticationLifetime)
}
