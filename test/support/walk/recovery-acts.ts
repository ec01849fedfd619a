// The acts by mailed links: a forgotten password, "This wasn’t me", changes of an email, the enrolment link.
import { hours, minutes } from '#foundation/kernel/time.ts'
import { type Act, keepAttempt, someAccount } from './act.ts'
import {
  type Account,
  type Actor,
  hasFactor,
  revokeAll,
  type WalkLink,
  type WalkPurpose,
  whyNoLink,
  withdraw,
} from './facts.ts'
import { goesOn, stageAfterPassword } from './sign-in-acts.ts'
import type { World } from './world.ts'

export async function forgetsPassword(world: World, actor: Actor, account: Account): Promise<void> {
  const { mails } = account
  if (world.now >= mails.lastAt + hours(1)) mails.count = 0
  const isWithin = mails.count < 3
  if (isWithin) Object.assign(mails, { count: mails.count + 1, lastAt: world.now })
  if (isWithin && account.isVerified && !account.isDisabled) {
    withdraw(account, 'password-reset')
    const about = { expiresAt: world.now + minutes(30), email: account.email }
    world.expectMail('password-reset', account.email, world.newLink('password-reset', account, about))
  }
  const payload = { login: account.name }
  await world.asks('forgotten password', actor, 'done', { method: 'POST', url: '/password-resets', payload })
}

export async function resetsByLink(world: World, actor: Actor, link: WalkLink): Promise<void> {
  const { account } = link
  const isOutdated = link.epoch !== account.epoch || link.email !== account.email || !account.isVerified
  const shutOut = account.isDisabled ? 'link.unknown' : undefined
  const refused = whyNoLink(link, world.now) ?? shutOut ?? (isOutdated ? 'link.used' : undefined)
  const password = world.newPassword()
  const payload = { token: link.token, password }
  const question = { method: 'POST', url: '/password-resets/complete', payload } as const
  const answer = await world.asks('reset by link', actor, refused ?? stageAfterPassword(world, account), question)
  if (refused !== undefined) return
  link.state = 'used'
  account.password = password
  actor.passwords.set(account, password)
  account.epoch += 1
  revokeAll(account)
  world.guessed(account, ['password', 'password in a session'], true)
  world.notice(account, 'password-reset')
  goesOn(world, actor, answer, { account, methods: ['password'], proofs: { first: 'mailbox', second: null } })
}

/** Ends what a thief may hold, and asks for a review. */
function asksForReview(account: Account, link: WalkLink): void {
  const notice = link.notice ?? link.change?.notice
  if (notice) notice.isReported = true
  account.isReviewDue = true
  account.epoch += 1
  revokeAll(account)
}

async function saysNotMe(world: World, actor: Actor, link: WalkLink): Promise<void> {
  const { account, notice } = link
  const isGone = notice === undefined || !account.notices.includes(notice)
  const refused = whyNoLink(link, world.now) ?? (isGone ? 'link.unknown' : undefined)
  const question = { method: 'POST', url: '/notices/not-me', payload: { token: link.token } } as const
  await world.asks('this wasn’t me', actor, refused ?? 'done', question)
  if (refused !== undefined) return
  link.state = 'used'
  asksForReview(account, link)
}

const isTaken = ({ accounts }: World, account: Account, email: string): boolean =>
  accounts.some((other) => other !== account && other.email === email)

async function confirmsEmail(world: World, actor: Actor, link: WalkLink): Promise<void> {
  const { account, change } = link
  const isOpen = change?.state === 'waiting' && world.now < change.expiresAt && link.epoch === account.epoch
  const gone = isOpen && !account.isDisabled ? undefined : 'link.unknown'
  const taken = change !== undefined && isTaken(world, account, change.email) ? 'user.email_taken' : undefined
  const refused = whyNoLink(link, world.now) ?? gone ?? taken
  const question = { method: 'POST', url: '/emails/confirm', payload: { token: link.token } } as const
  await world.asks('confirmation of an email', actor, refused ?? 'done', question)
  if (refused !== undefined || change === undefined) return
  link.state = 'used'
  withdraw(account, 'password-reset')
  withdraw(account, 'enrolment')
  Object.assign(change, { former: account.email, formerVerified: account.isVerified, state: 'confirmed' })
  const former = account.email
  account.email = change.email
  account.isVerified = true
  change.notice = world.notice(account, 'email-changed')
  world.expectMail('notice-email-changed', former, world.newLink('email-undo', account, { change }))
}

async function undoesEmail(world: World, actor: Actor, link: WalkLink): Promise<void> {
  const { account, change } = link
  const gone = change?.state === 'confirmed' ? undefined : 'link.unknown'
  const former = change?.former ?? null
  const taken = former !== null && isTaken(world, account, former) ? 'user.email_taken' : undefined
  const refused = whyNoLink(link, world.now) ?? gone ?? taken
  const isReport = world.random.chance(0.4)
  const payload = { token: link.token, not_me: isReport }
  const act = isReport ? 'undo of an email, not me' : 'undo of an email'
  await world.asks(act, actor, refused ?? 'done', { method: 'POST', url: '/emails/undo', payload })
  if (refused !== undefined || change === undefined || former === null) return
  link.state = 'used'
  account.email = former
  account.isVerified = change.formerVerified
  for (const later of account.changes.slice(account.changes.indexOf(change))) later.state = 'gone'
  withdraw(account, 'email-confirmation')
  withdraw(account, 'password-reset')
  withdraw(account, 'enrolment')
  if (isReport && change.notice !== null && account.notices.includes(change.notice)) asksForReview(account, link)
}

async function acceptsEnrolment(world: World, actor: Actor, link: WalkLink): Promise<void> {
  const { account } = link
  const known = actor.passwords.get(account) ?? 'another calm guess'
  const isRight = known === account.password
  const isOutdated = link.epoch !== account.epoch || hasFactor(account)
  const shutOut = account.isDisabled ? 'link.unknown' : undefined
  const ended = whyNoLink(link, world.now) ?? shutOut ?? (isOutdated ? 'link.used' : undefined)
  if (ended === undefined && !isRight && !world.mayFail(account, ['password'])) return
  const expected = ended ?? (isRight ? 'enrolment' : 'password.wrong')
  const payload = { token: link.token, password: known }
  const question = { method: 'POST', url: '/enrolment-links/accept', payload } as const
  const answer = await world.asks('enrolment link', actor, expected, question)
  if (ended === undefined) world.guessed(account, ['password'], isRight)
  if (expected !== 'enrolment') return
  const proofs = { first: 'password', second: null } as const
  keepAttempt(world, actor, answer, { account, methods: ['password'], proofs, link })
}

/** Uses a link of this purpose that the actor has, rather one that works. */
function withLink(
  purpose: WalkPurpose,
  use: (world: World, actor: Actor, link: WalkLink) => Promise<void>,
): Act['run'] {
  return async (world, actor) => {
    const { random } = world
    const held = actor.links.filter((link) => link.purpose === purpose)
    const live = held.filter((link) => whyNoLink(link, world.now) === undefined)
    const link = random.chance(0.4) ? live.at(-1) : random.pick(random.chance(0.8) ? live : held)
    if (link !== undefined) await use(world, actor, link)
  }
}

export const RECOVERY_ACTS: readonly Act[] = [
  { weight: 3, run: (world, actor) => forgetsPassword(world, actor, someAccount(world, actor)) },
  { weight: 10, run: withLink('password-reset', resetsByLink) },
  { weight: 1, run: withLink('not-me', saysNotMe) },
  { weight: 8, run: withLink('email-confirmation', confirmsEmail) },
  { weight: 5, run: withLink('email-undo', undoesEmail) },
  { weight: 10, run: withLink('enrolment', acceptsEnrolment) },
]
