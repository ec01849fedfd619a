// What the pages of one user have in common: face, name, state, the acts that the state asks for, and the tabs between them.
import type { FastifyReply } from 'fastify'

import { type BucketState, throttleState } from '#domain/throttle/throttle-state.service.ts'
import { statusOf, type User } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { roleName } from '#foundation/texts/role-name.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { linkButton, primaryLink } from '#foundation/web/components/button.ts'
import { name } from '#foundation/web/components/person-name.ts'
import type { SideNavigation } from '#foundation/web/components/side-navigation.ts'
import { chip } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { flashSentence, readFlash } from '#foundation/web/pages/flash.ts'
import { type Page, sendPage } from '#foundation/web/pages/page.ts'
import { mayDo, mayDoOrHelp, mayHelp, userPath, type UserReader } from '../access/user-reader.pages.ts'
import { enabling } from '../account-status/account-actions.pages.ts'
import { blockedBanner, unlockForm } from '../credentials/failed-guesses.pages.ts'
import { lastInvitations } from '../invitations/invitation.service.ts'
import { statusChip, userAvatar } from '../users-page/users-table.pages.ts'
import { USERS_PATH } from '../users/user-list-query.ts'

/** The pages of a user, in the order of their tabs. */
const USER_TABS = ['overview', 'help', 'sign-in', 'groups', 'requirements', 'activity'] as const
export type UserTab = (typeof USER_TABS)[number]

/** What the head of each page shows beside the user. */
export interface UserHead {
  readonly buckets: readonly BucketState[]
  /** When the last invitation expires, or expired; undefined if none was made or the user has enrolled. */
  readonly invitationEnd: Instant | undefined
}

/** Reads what the head shows: for a user with a second factor only what is counted of guesses. */
export async function userHead(ctx: With<'db' | 'now'>, user: User): Promise<UserHead> {
  const made = user.secondFactorAt === null ? await lastInvitations(ctx, [user]) : undefined
  return { buckets: await throttleState(ctx, user.subject), invitationEnd: made?.get(user.subject)?.expiresAt }
}

export interface UserPage extends Partial<Pick<Page, 'notice' | 'refusal' | 'modules' | 'api'>> {
  readonly tab: UserTab
  readonly body: Html
  /** A section says what a form has just done, so the top of the page does not. */
  readonly isSaidBelow?: boolean
}

/** Sends one of the pages of a user. */
export function sendUserPage(
  reply: FastifyReply,
  reader: UserReader,
  head: UserHead,
  { tab, body, isSaidBelow = false, ...content }: UserPage,
): FastifyReply {
  const { say, user } = reader
  const enable = enabling(reader)
  const acts = headActs(reader, head, enable?.form)
  return sendPage(reply, {
    done: flashSentence(doneSentences(say), isSaidBelow ? undefined : readFlash(reply)),
    ...content,
    title: [...(tab === 'overview' ? [] : [say.user.tabs[tab]]), reader.name, say.users.title],
    up: { href: USERS_PATH, label: say.users.title },
    heading: html`<span class="with-avatar">${userAvatar(user, 'large')}<span>${name(reader.name)}</span></span>`,
    ...(acts.length > 0 && { beside: html`<div class="acts">${acts}</div>` }),
    standing: html`${userStanding(reader, head)} ${enable && html`<p class="small">${enable.hint}</p>`}`,
    tabs: tabsOf(reader),
    body: html`${blockedBanner(reader, head.buckets)} ${body}`,
  })
}

/** Whether the reader may see this page of the user. */
export function hasTab(reader: UserReader, tab: UserTab): boolean {
  if (tab === 'help') return mayHelp(reader)
  if (tab === 'requirements') return reader.permissions.includes('policy:write')
  if (tab === 'activity') return reader.permissions.includes('audit:read')
  return true
}

/** Whether the head offers to invite the user, who waits for it. */
export function invitesInHead(reader: UserReader): boolean {
  return statusOf(reader.user) === 'invited' && mayDo(reader, 'users:write')
}

/** Whether the head has the main action of these pages, so that no form below it has a filled button. */
export function hasActInHead(reader: UserReader, { buckets }: UserHead): boolean {
  return enabling(reader) !== undefined || invitesInHead(reader) || unlockForm(reader, buckets) !== undefined
}

function tabsOf(reader: UserReader): SideNavigation {
  const { say, user } = reader
  const shown = USER_TABS.filter((tab) => hasTab(reader, tab))
  return {
    label: say.user.tabsLabel,
    links: shown.map((tab) => ({
      path: userPath(user, tab === 'overview' ? '' : `/${tab}`),
      label: say.user.tabs[tab],
    })),
  }
}

/** The one or two acts that the state of the user asks for. */
function headActs(reader: UserReader, { buckets, invitationEnd }: UserHead, enable: Html | undefined): readonly Html[] {
  const { say, user, isOwn } = reader
  const { invitation, danger } = say.user
  const unlock = unlockForm(reader, buckets)
  const invite = primaryLink(
    userPath(user, '/invitation'),
    invitationEnd === undefined ? invitation.make : invitation.makeNew,
  )
  const resets = !isOwn && hasSecondFactor(user) && mayDoOrHelp(reader, 'users:reset-factors')
  return [
    ...(enable ? [enable] : []),
    ...(unlock ? [unlock] : []),
    ...(invitesInHead(reader) ? [invite] : []),
    ...(resets ? [linkButton(userPath(user, '/reset-second-step'), danger.reset)] : []),
  ]
}

/** An externally inserted row counts as well: it may hold a TOTP secret that is not sealed yet. */
function hasSecondFactor({ secondFactorAt, insertedExternally }: User): boolean {
  return secondFactorAt !== null || insertedExternally
}

/** Below the heading: the username if the heading is the full name, and the account’s status. */
function userStanding(reader: UserReader, { invitationEnd }: UserHead): Html {
  const { say, now, user, isOwn } = reader
  const ranOut = statusOf(user) === 'invited' && invitationEnd !== undefined && invitationEnd <= now
  // Without a full name the username is the heading already.
  const username = user.fullName?.trim() && html`<strong class="name">${name(user.username)}</strong>`
  return html`${username} ${statusChip(reader, user)} ${ranOut && chip('warn', say.users.invitationEnded)}
  ${user.role !== 'user' && chip('person', roleName(say, user.role))} ${isOwn && chip('info', say.user.you)}`
}

/** What a page says after a form of any of the pages. */
function doneSentences(say: Texts) {
  return {
    ...say.user.done,
    ...say.groups.ofUser.done,
    ...say.rememberedDevices.done,
    'app-ended': say.ownApps.ofUser.done,
    'review-lifted': say.userReview.done,
  }
}
