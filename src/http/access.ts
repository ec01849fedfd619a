import type { FastifyRequest, HookHandlerDoneFunction } from 'fastify'

import { recordRefusal } from '../audit/audit.service.ts'
import { contextFor } from '../context.ts'
import type { Context, Powers } from '../context.ts'
import { Refusal } from '../kernel/refusal.ts'
import { staleProof } from '../sessions/proof.ts'
import type { Instant } from '../kernel/time.ts'
import { minutes } from '../kernel/time.ts'
import { resolveSession } from '../sessions/session.service.ts'
import type { App } from '../web/app.ts'
import { sessionCookieName } from '../web/cookies.ts'
import { isOwnForm } from '../web/form-token.ts'
import { isSameOrigin } from '../web/origin-check.ts'
import { originOf } from './caller-origin.ts'
import { credentialIn } from './credentials.ts'
import type { Credential } from './credentials.ts'
import { LastUses } from './last-uses.ts'
import { refusalFor } from './permission.ts'
import { isAtWrongAddress, showWrongAddress } from './wrong-address.pages.ts'

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/** Contexts whose session's last use is to be noted after the answer. */
const dueForTouch = new WeakSet<Context>()

/**
 * Gives every request its context and enforces what its route declared, before any body is read. After the answer it
 * notes the use of the session.
 */
export function registerAccess(app: App, powers: Powers): void {
  const cookieName = sessionCookieName(powers.config)
  app.decorateRequest('ctx')
  app.addHook('onRequest', (request, reply, done) => {
    request.ctx = contextFor(powers, { kind: 'anyone', origin: originOf(request) })
    if (isAtWrongAddress(request)) return void showWrongAddress(request, reply)
    if (request.is404) return done(new Refusal('request.not_found'))
    const { config } = request.routeOptions
    const needed = config.page === true || (config.access !== 'anyone' && config.access !== 'attempt')
    const credential = needed ? credentialIn(request.headers, cookieName) : undefined
    if (isForged(request, credential)) return done(new Refusal('request.cross_origin'))
    if (credential === undefined) return done(judge(request))
    admit(request, credential, done)
  })
  app.addHook('preValidation', (request, _reply, done) => done(formRefusal(request)))
  const lastUses = new LastUses(powers)
  app.addHook('onClose', () => lastUses.close())
  app.addHook('onResponse', ({ ctx }, _reply, done) => {
    if (ctx.caller.kind === 'signed-in' && dueForTouch.has(ctx)) lastUses.note(ctx.caller.session.id, ctx.now)
    done()
  })
}

/** A form of somebody who is signed in must come from a page of the same session. */
function formRefusal(request: FastifyRequest): Refusal | undefined {
  const { method, routeOptions } = request
  if (routeOptions.config.page !== true || SAFE_METHODS.has(method) || isOwnForm(request)) return undefined
  return new Refusal('request.form_outdated')
}

/** A browser was made to send its cookie, or a form, by somebody else's page. */
function isForged({ method, headers, routeOptions, ctx }: FastifyRequest, credential: Credential | undefined): boolean {
  if (SAFE_METHODS.has(method)) return false
  if (!routeOptions.config.page && credential?.carrier !== 'cookie') return false
  return !isSameOrigin(headers, ctx.config.publicUrl)
}

function admit(request: FastifyRequest, credential: Credential, done: HookHandlerDoneFunction): void {
  resolveCaller(request, credential).then(() => {
    const refusal = judge(request)
    if (refusal?.kind !== 'forbidden') return done(refusal)
    return recordForbidden(request, refusal).then(() => done(refusal), done)
  }, done)
}

/** Who tried which route lately, so that trying it again and again does not fill the log. */
const triedLately = new Map<string, Instant>()
const MOST_TRIED = 1000

/**
 * Somebody signed in tried what is not for them: worth knowing, unlike the many who are not signed in at all. Once a
 * minute for each session and route.
 */
async function recordForbidden({ ctx, method, routeOptions }: FastifyRequest, refusal: Refusal): Promise<void> {
  const route = routeOptions.url ?? null
  const who = ctx.caller.kind === 'signed-in' ? ctx.caller.session.id : ''
  const key = `${who} ${method} ${route}`
  if (ctx.now - (triedLately.get(key) ?? -Infinity) < minutes(1)) return
  if (triedLately.size >= MOST_TRIED) triedLately.clear()
  triedLately.set(key, ctx.now)
  await recordRefusal(ctx, { action: 'access.refused', details: { method, route } }, refusal)
}

async function resolveCaller(request: FastifyRequest, { token, carrier }: Credential): Promise<void> {
  const { ctx } = request
  const found = await resolveSession(ctx, token, carrier)
  if (found === undefined) {
    if (isOpen(request)) return
    throw new Refusal('access.token_refused')
  }
  const { user, session } = found
  request.ctx = { ...ctx, caller: { kind: 'signed-in', origin: ctx.caller.origin, user, session } }
  if (found.dueForTouch) dueForTouch.add(request.ctx)
}

function isOpen({ routeOptions: { config } }: FastifyRequest): boolean {
  return config.access === 'anyone' || config.access === 'attempt'
}

function judge({ ctx, routeOptions: { config } }: FastifyRequest): Refusal | undefined {
  // The route checks stop a boot with a route that declares nothing; were one to slip through, nobody may use it.
  if (config.access === undefined) return new Refusal('access.insufficient_permissions')
  const refusal = refusalFor(config.access, ctx.caller)
  if (refusal || config.proof === undefined) return refusal
  return staleProof(ctx.caller, ctx.now, ctx.config.proofLifetime)
}
