// The acts of admins: resets, disabling, reviews, and the two-person rule with objections and the passing of its waiting time.
import { days, hours } from '#foundation/kernel/time.ts'
import { carryOutAllReady } from '#use-cases/administration/approvals/approval-decision.service.ts'
import { type Act, someToken, whyNoAccess, whyNotRecent } from './act.ts'
import { isNamed, permissionsNow, permitted, stateOfAccount } from './demands.ts'
import {
  type Account,
  type Actor,
  endReviewOf,
  hasFactor,
  type RequestFact,
  revokeAll,
  type TokenCopy,
  type WalkLink,
  type WalkRole,
  whyNoLink,
  withdraw,
} from './facts.ts'
import type { World } from './world.ts'

type Kind = RequestFact['kind']
/** The others are acts of their own. */
type Change = Exclude<Kind, 'lift-review' | 'give-role' | 'change-role'>

const isActing = (account: Account): boolean => account.role === 'admin' && !account.isDisabled && hasFactor(account)

/** Whether this is the only account that may act as an admin. */
export function isOnlyAdmin({ accounts }: World, account: Account): boolean {
  return isActing(account) && !accounts.some((other) => other !== account && isActing(other))
}

/** Whether somebody with these permissions may act on those who have the others. */
export function mayManage(own: readonly string[], ...others: readonly (readonly string[])[]): boolean {
  return others.flat().every((permission) => own.includes(permission))
}

/** Gives another role, which ends what the account has open. */
export function givesRole(account: Account, role: WalkRole): void {
  if (account.role === role) return
  account.role = role
  account.epoch += 1
  revokeAll(account)
}

/** Makes the change itself; returns the enrolment link of a reset. */
function carriesOut(world: World, { kind, target, wanted }: Wish): WalkLink | undefined {
  if (target === null) {
    world.help = wordsOf(wanted)
    return undefined
  }
  if (kind === 'give-role') {
    givesRole(target, wanted as WalkRole)
    return undefined
  }
  if (kind === 'enable' || kind === 'disable') {
    if (target.isDisabled === (kind === 'disable')) return undefined
    target.isDisabled = kind === 'disable'
    target.epoch += 1
    if (kind === 'disable') revokeAll(target)
    return undefined
  }
  if (kind === 'lift-review') {
    endReviewOf(target)
    return undefined
  }
  target.resets = { count: recentResets(world, target) + 1, lastAt: world.now }
  target.apps = []
  target.passkeys = []
  target.codes = []
  target.usedCodes = []
  target.epoch += 1
  revokeAll(target)
  target.failures.clear()
  world.notice(target, 'factors-reset')
  withdraw(target, 'enrolment')
  if (target.isDisabled) return undefined
  const link = world.newLink('enrolment', target, {})
  if (target.isVerified) world.expectMail('second-step-reset', target.email, link)
  return link
}

/** Why the change of this account is refused before the two-person rule is asked. */
function whyNotAsked(world: World, copy: TokenCopy, kind: Change, target: Account): string | undefined {
  const { session } = copy
  if (kind !== 'enable') {
    if (isOnlyAdmin(world, target)) return 'user.last_admin'
    return session.account === target ? 'user.own_account' : undefined
  }
  return isPrivileged(world, target) ? whyNotRecent(world, copy) : undefined
}

/** How many resets of the second factor there were, each less than an hour after the one before. */
function recentResets({ now }: World, { resets: { count, lastAt } }: Account): number {
  return now < lastAt + hours(1) ? count : 0
}

/** A third one in a row is left to a request that waits; the fourth would be refused, which other tests show. */
const MOST_RESETS = 2

const URLS = { disable: 'disable', enable: 'enable', 'reset-second-factor': 'reset-second-factor' } as const

async function changesAccount(world: World, actor: Actor, copy: TokenCopy, kind: Change): Promise<void> {
  const disabled = kind === 'enable' ? world.accounts.filter(({ isDisabled }) => isDisabled) : []
  const target = world.random.pick(disabled) ?? world.random.pick(world.accounts)!
  const isReset = kind === 'reset-second-factor'
  if (isReset && recentResets(world, target) >= MOST_RESETS) return
  const own = permissionsNow(world, copy.session.account)
  const resetsAll = own.includes('users:reset-factors')
  const needs = resetsAll ? 'users:reset-factors' : 'users:help'
  const access = whyNoAccess(world, copy, { needs: isReset ? needs : 'users:write', recent: isReset })
  const isBeyondHelp = isReset && !resetsAll && isPrivileged(world, target)
  const refused = access ?? whyBeyond(world, copy, target) ?? (isBeyondHelp ? 'role.beyond_help' : undefined)
  const isSame = kind !== 'reset-second-factor' && target.isDisabled === (kind === 'disable')
  const why = refused ?? (isSame ? undefined : whyNotAsked(world, copy, kind, target))
  const waits = why === undefined && !isSame && isPrivileged(world, target)
  const link = why === undefined && !waits && !isSame ? carriesOut(world, { kind, target, wanted: '' }) : undefined
  const act = waits ? `request: ${kind}` : kind
  const answer = await world.asks(act, actor, why ?? (waits ? 'waiting' : 'done'), {
    method: 'POST',
    url: `/users/${target.id}/${URLS[kind]}`,
    ...(kind === 'reset-second-factor' && { payload: { reason: 'The phone is lost.' } }),
    token: copy.token,
  })
  if (waits) noteRequest(world, copy.session.account, { kind, target, wanted: '' }, String(answer.body['id']))
  if (link === undefined) return
  const { url } = answer.body['enrolment'] as { url: string }
  link.token = url.split('/').at(-1) ?? ''
  // Given in person where it was not mailed.
  if (!target.isVerified) world.ownerOf(target).links.push(link)
}

function isOutdated(world: World, request: RequestFact): boolean {
  const { asker, askerEpoch, target, targetState, expiresAt } = request
  const isAsking = asker.epoch === askerEpoch && permissionsNow(world, asker).includes(permissionFor(request.kind))
  const isChanged = stateConcerned(world, target) !== targetState
  return world.now >= expiresAt || !isAsking || isChanged
}

/** What a request relies on: of the account, or of the role without one. */
function stateConcerned(world: World, target: Account | null): string {
  return target === null ? world.help.join(' ') : stateOfAccount(world, target)
}

/** What a request of the two-person rule wants. */
export type Wish = Pick<RequestFact, 'kind' | 'target' | 'wanted'>

export const isPrivileged = (world: World, { role }: Account): boolean => permitted(world, role).length > 0

/** Permissions as one text, and apart. */
export const wordsOf = (text: string): string[] => text.split(' ').filter((word) => word !== '')

/** Why the person with the token may not act on the account: it may do what they may not. */
export function whyBeyond(world: World, { session }: TokenCopy, { role }: Account): string | undefined {
  const own = permissionsNow(world, session.account)
  return mayManage(own, permitted(world, role)) ? undefined : 'role.beyond_own'
}

/** The permission without which the change cannot be made. */
function permissionFor(kind: Kind): string {
  if (kind === 'change-role') return 'roles:write'
  return kind === 'reset-second-factor' ? 'users:reset-factors' : 'users:write'
}

/** All permissions that the change concerns: those of the account or role, before and after. */
function concernedBy(world: World, { kind, target, wanted }: Wish): string[] {
  if (target === null) return [...world.help, ...wordsOf(wanted)]
  if (kind !== 'give-role') return [...permitted(world, target.role)]
  const given = permitted(world, wanted as WalkRole)
  const weakens = isNamed(world, 'role', target.role) ? ['policy:write'] : []
  return [...permitted(world, target.role), ...given, ...weakens, 'roles:write']
}

/** The answer is the request that waits for the same, or a new one, of which the person concerned is notified. */
export function noteRequest(world: World, asker: Account, { kind, target, wanted }: Wish, id: string): void {
  const same = world.requests.find(
    (one) => one.kind === kind && one.target === target && one.wanted === wanted && one.state === 'waiting',
  )
  if (same !== undefined) {
    if (!isOutdated(world, same)) {
      if (same.id !== id) throw new Error('a second request waits for the same change')
      return
    }
    same.state = 'lapsed'
  }
  const readyAt = world.now + hours(24)
  const request: RequestFact = {
    id,
    kind,
    asker,
    askerEpoch: asker.epoch,
    target,
    wanted,
    targetState: stateConcerned(world, target),
    readyAt,
    expiresAt: readyAt + days(7),
    state: 'waiting',
  }
  world.requests.push(request)
  if (target !== null && target !== asker)
    world.expectMail(
      'approval-objection',
      target.email,
      world.newLink('objection', target, { request, expiresAt: readyAt }),
    )
}

const isOpen = ({ state, expiresAt }: RequestFact, now: number): boolean => state === 'waiting' && now < expiresAt

/** Ends the request by its change, or lets it lapse. */
function carryOut(world: World, request: RequestFact): 'carried-out' | 'lapsed' {
  const isBeyond = !mayManage(permissionsNow(world, request.asker), concernedBy(world, request))
  const lapses = isOutdated(world, request) || isBeyond || isNoMore(world, request)
  request.state = lapses ? 'lapsed' : 'carried-out'
  if (!lapses) carriesOut(world, request)
  return request.state
}

/** Whether the change of a request is refused by now, whoever asked. */
function isNoMore(world: World, { kind, target, wanted }: RequestFact): boolean {
  if (target === null || kind === 'enable') return false
  if (kind === 'lift-review') return !target.isReviewDue
  return wanted !== 'admin' && isOnlyAdmin(world, target)
}

type Decision = 'approve' | 'decline' | 'withdraw' | 'carry-out'

/** Why this account may not decide the request now; undefined if it may. */
function whyNoDecision(request: RequestFact, decision: Decision, account: Account, now: number): string | undefined {
  if (!isOpen(request, now)) return 'approval.ended'
  const isOwn = request.asker === account
  if (decision === 'withdraw') return isOwn ? undefined : 'approval.not_yours'
  if (request.target === account) return 'approval.about_you'
  if (decision === 'carry-out') return now >= request.readyAt ? undefined : 'approval.not_due'
  return isOwn ? 'approval.own_request' : undefined
}

async function decides(world: World, actor: Actor, copy: TokenCopy, decision: Decision): Promise<void> {
  const { random, now, requests } = world
  const { account } = copy.session
  const open = requests.filter((one) => isOpen(one, now))
  const fitting = open.filter((one) => whyNoDecision(one, decision, account, now) === undefined)
  const request = random.pick(
    random.weighed([
      { weight: 4, of: fitting },
      { weight: 4, of: open },
      { weight: 1, of: requests },
    ]).of,
  )
  if (request === undefined) return
  const makes = decision === 'approve' || decision === 'carry-out'
  const involved = [permissionFor(request.kind), ...concernedBy(world, request)]
  const beyond =
    decision !== 'withdraw' && !mayManage(permissionsNow(world, account), involved) ? 'role.beyond_own' : undefined
  const refused =
    whyNoAccess(world, copy, { ...(decision !== 'withdraw' && { needs: 'users:write' }), recent: true }) ??
    whyNoDecision(request, decision, account, now) ??
    beyond
  let expected = refused ?? 'done'
  if (refused === undefined) {
    if (makes) expected = carryOut(world, request) === 'lapsed' ? 'approval.lapsed' : 'done'
    else request.state = decision === 'decline' ? 'declined' : 'withdrawn'
  }
  const url = `/approvals/${request.id}/${decision}`
  await world.asks(decision, actor, expected, { method: 'POST', url, token: copy.token })
}

async function liftsReview(world: World, actor: Actor, copy: TokenCopy): Promise<void> {
  const due = world.accounts.filter(({ isReviewDue }) => isReviewDue)
  const target = (world.random.chance(0.9) ? world.random.pick(due) : undefined) ?? world.random.pick(world.accounts)!
  const own = copy.session.account === target ? 'user.own_account' : undefined
  const none = target.isReviewDue ? undefined : 'account.no_review'
  const access = whyNoAccess(world, copy, { needs: 'users:write', recent: true })
  const refused = access ?? whyBeyond(world, copy, target) ?? own ?? none
  const question = { method: 'POST', url: `/users/${target.id}/review/lift`, token: copy.token } as const
  const waits = refused === undefined && isPrivileged(world, target)
  const act = waits ? 'request: lift of a review' : 'lift of a review'
  const answer = await world.asks(act, actor, refused ?? (waits ? 'waiting' : 'done'), question)
  if (waits)
    noteRequest(world, copy.session.account, { kind: 'lift-review', target, wanted: '' }, String(answer.body['id']))
  else if (refused === undefined) endReviewOf(target)
}

async function objectsByLink(world: World, actor: Actor): Promise<void> {
  const held = actor.links.filter(({ purpose }) => purpose === 'objection')
  const live = held.filter((link) => whyNoLink(link, world.now) === undefined)
  const link = world.random.chance(0.8) ? world.random.pick(live) : world.random.pick(held)
  if (link?.request === undefined) return
  const ended = isOpen(link.request, world.now) ? undefined : 'approval.ended'
  const refused = whyNoLink(link, world.now) ?? ended
  const question = { method: 'POST', url: '/objections', payload: { token: link.token } } as const
  await world.asks('objection by link', actor, refused ?? 'done', question)
  if (refused !== undefined) return
  link.state = 'used'
  link.request.state = 'objected'
}

async function objectsInAccount(world: World, actor: Actor, copy: TokenCopy): Promise<void> {
  const request = world.random.pick(world.requests)
  if (request === undefined) return
  const other = request.target === copy.session.account ? undefined : 'approval.not_found'
  const ended = isOpen(request, world.now) ? undefined : 'approval.ended'
  const refused = whyNoAccess(world, copy, {}) ?? other ?? ended
  const url = `/users/me/approvals/${request.id}/object`
  await world.asks('objection in the account', actor, refused ?? 'done', { method: 'POST', url, token: copy.token })
  if (refused === undefined) request.state = 'objected'
}

/** The job that carries out what is due. */
async function runsJob(world: World): Promise<void> {
  const due = world.requests.filter(({ state, readyAt }) => state === 'waiting' && world.now >= readyAt)
  for (const request of due.toSorted((a, b) => a.readyAt - b.readyAt))
    if (isOpen(request, world.now)) carryOut(world, request)
    else request.state = 'lapsed'
  await carryOutAllReady(world.server.operator())
  world.words.push(`the job: ${due.length} due requests`)
  for (const { state } of due) {
    const key = `waiting time over: ${state === 'lapsed' ? 'refused' : 'accepted'}`
    world.tally.set(key, (world.tally.get(key) ?? 0) + 1)
    world.done.push({ act: 'the job', actor: 'the job' })
  }
}

/** An act in a session, rather a recent one of somebody with the permission. */
export function asAdmin(
  act: (world: World, actor: Actor, copy: TokenCopy) => Promise<void>,
  needs = 'users:write',
): Act['run'] {
  return async (world, actor) => {
    const recent = actor.copies.filter((held) => whyNoAccess(world, held, { needs, recent: true }) === undefined)
    const copy = (world.random.chance(0.8) ? world.random.pick(recent) : undefined) ?? someToken(world, actor)
    if (copy !== undefined && (isPrivileged(world, copy.session.account) || world.random.chance(0.1)))
      await act(world, actor, copy)
  }
}

const changing = (kind: Change): Act['run'] => asAdmin((world, actor, copy) => changesAccount(world, actor, copy, kind))
const deciding = (how: Decision): Act['run'] => asAdmin((world, actor, copy) => decides(world, actor, copy, how))

export const ADMIN_ACTS: readonly Act[] = [
  { weight: 4, run: changing('reset-second-factor') },
  { weight: 3, run: changing('disable') },
  { weight: 5, run: changing('enable') },
  { weight: 7, run: deciding('approve') },
  { weight: 3, run: deciding('decline') },
  { weight: 1, run: deciding('withdraw') },
  { weight: 4, run: deciding('carry-out') },
  { weight: 5, run: asAdmin(liftsReview) },
  { weight: 3, run: objectsByLink },
  {
    weight: 2,
    run: async (world, actor) => {
      const copy = someToken(world, actor)
      if (copy !== undefined) await objectsInAccount(world, actor, copy)
    },
  },
  { weight: 2, run: runsJob },
]
