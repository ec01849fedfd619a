// The pages of administration in each of their states.
import type { Page } from 'playwright-core'

import { LOCKED_USER, NAMES, type World } from '../server/populated-server.ts'
import { send } from './page-actions.ts'
import { type Screen, sending } from './screen.ts'
import { APP_SCREENS } from './screens-of-apps.ts'
import { GROUP_SCREENS } from './screens-of-groups.ts'
import { HOST_SCREENS } from './screens-of-hosts.ts'
import { ROLE_SCREENS } from './screens-of-roles.ts'

/** The path of one user's page, or of a page below it. */
function ofUser(username: string, below = ''): (world: World) => string {
  return ({ ids }) => `/admin/users/${ids.get(username)}${below}`
}

/** Selects users in the list and presses a button of bulk actions, which on a narrow screen may be in the menu. */
function ticking(action: string, usernames: readonly string[]): (page: Page, world: World) => Promise<void> {
  return async (page) => {
    for (const name of usernames) await page.getByRole('row', { name }).getByRole('checkbox').check()
    const button = page.locator(`button[name="action"][value="${action}"]:visible`)
    await page.locator(`button[name="action"][value="disable"]:visible`).waitFor()
    if (!(await button.isVisible())) await page.locator('fieldset .more > summary').click()
    await button.click()
  }
}

const REGISTRATIONS: readonly Screen[] = [
  { name: 'registrations', as: 'owner', at: '/admin/registrations', on: 'fresh' },
  { name: 'registrations-done', as: 'owner', at: '/admin/registrations?done=approved', on: 'fresh' },
  { name: 'registration', as: 'owner', at: ({ links }) => links.waiting, on: 'fresh' },
  { name: 'registration-decline', as: 'owner', at: ({ links }) => `${links.waiting}/decline`, on: 'fresh' },
  {
    name: 'registration-decline-faults',
    as: 'owner',
    at: ({ links }) => `${links.waiting}/decline`,
    doing: sending({ reason: ' ' }),
    status: 422,
    on: 'fresh',
  },
  { name: 'registrations-off', as: 'admin', at: '/admin/registrations', on: 'ruled' },
]
/** Two users who can be created, and two lines that are skipped. */
const LIST = `username,email,full_name,role,expires_at
listed-one,listed.one@example.org,Listed One,user,2099-06-30
listed-two,,,,
listed-one,,,,
ada,nowhere,,root,
`

const OVERVIEW: readonly Screen[] = [
  { name: 'overview', as: 'admin', at: '/admin' },
  { name: 'overview-new', as: 'owner', at: '/admin', on: 'fresh' },
  { name: 'outbox', as: 'admin', at: '/admin/mails' },
  { name: 'outbox-failed', as: 'admin', at: '/admin/mails?state=failed' },
  { name: 'outbox-nothing', as: 'admin', at: '/admin/mails?state=dropped' },
  { name: 'outbox-empty', as: 'owner', at: '/admin/mails', on: 'fresh' },
  { name: 'mail', as: 'admin', at: ({ mails }) => `/admin/mails/${mails.waiting}` },
  { name: 'mail-refused', as: 'admin', at: ({ mails }) => `/admin/mails/${mails.failed}` },
  { name: 'mail-of-newer-version', as: 'admin', at: ({ mails }) => `/admin/mails/${mails.newer}` },
  { name: 'mail-drop', as: 'admin', at: ({ mails }) => `/admin/mails/${mails.waiting}/drop` },
  { name: 'connect', as: 'admin', at: '/admin/connect' },
  { name: 'checkup', as: 'admin', at: '/admin/checkup' },
  {
    name: 'checkup-unfolded',
    as: 'admin',
    at: '/admin/checkup',
    doing: async (page) => {
      for (const fold of await page.locator('#checks summary').all()) await fold.click()
    },
  },
  { name: 'palette-opened', as: 'admin', at: '/admin', doing: (page) => page.keyboard.press('Control+k') },
  {
    name: 'palette',
    as: 'admin',
    at: '/admin',
    doing: async (page) => {
      await page.keyboard.press('Control+k')
      await page.keyboard.type('la')
      await page.locator('.palette bdi').first().waitFor()
    },
  },
  { name: 'keys', as: 'admin', at: '/admin', doing: (page) => page.keyboard.press('?') },
  { name: 'activity', as: 'admin', at: '/admin/activity' },
  {
    name: 'activity-json',
    as: 'admin',
    at: ({ refusals }) => `/admin/activity/events/${refusals.password}`,
  },
  { name: 'activity-export', as: 'admin', at: '/admin/activity/export?about=ada' },
  { name: 'activity-filtered', as: 'admin', at: '/admin/activity?about=ada&result=refused' },
  { name: 'activity-from-network', as: 'admin', at: '/admin/activity?address=127.0.0.0%2F8' },
  { name: 'activity-nothing', as: 'admin', at: '/admin/activity?action=key.forgotten' },
  {
    name: 'activity-faults',
    as: 'admin',
    at: '/admin/activity?about=nobody-here&address=192.0.2&from=yesterday',
    status: 422,
  },
  { name: 'refusal', as: 'admin', at: ({ refusals }) => `/admin/refusals/${refusals.password}` },
  { name: 'refusal-waiting', as: 'admin', at: ({ refusals }) => `/admin/refusals/${refusals.waiting}` },
  { name: 'refusal-look-up', as: 'admin', at: '/admin/refusals' },
  { name: 'refusal-not-there', as: 'admin', at: '/admin/refusals/nothing', status: 404 },
  { name: 'activity-chain', as: 'admin', at: '/admin/activity/chain' },
  { name: 'activity-chain-verified', as: 'admin', at: '/admin/activity/chain', doing: sending({}) },
]

const USERS: readonly Screen[] = [
  { name: 'users', as: 'admin', at: '/admin/users' },
  {
    name: 'users-selected',
    as: 'admin',
    at: '/admin/users',
    doing: async (page) => {
      await page.locator('thead').getByRole('checkbox').check()
      // Elsewhere the bar of actions covers a part of some row, which axe takes for a small target, until one scrolls.
      await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
    },
  },
  {
    name: 'users-menu',
    as: 'admin',
    at: '/admin/users',
    doing: (page) => page.getByRole('row', { name: 'ada' }).first().locator('summary').click(),
  },
  { name: 'users-without-second-step', as: 'admin', at: '/admin/users?status=no-factor' },
  { name: 'users-invited', as: 'admin', at: '/admin/users?status=invited&sort=-created_at' },
  { name: 'users-pages', as: 'admin', at: '/admin/users?size=25' },
  { name: 'users-no-match', as: 'admin', at: '/admin/users?q=zebra' },
  {
    name: 'users-bulk-ask',
    as: 'admin',
    at: '/admin/users',
    doing: ticking('disable', ['anouk', 'layla']),
    endsAt: '/admin/users/bulk',
  },
  {
    name: 'users-bulk-group',
    as: 'admin',
    at: '/admin/users',
    doing: ticking('add-to-group', ['anouk', 'layla']),
    endsAt: '/admin/users/bulk',
  },
  {
    name: 'users-bulk-group-unknown',
    as: 'admin',
    at: '/admin/users',
    doing: async (page, world) => {
      await ticking('add-to-group', ['anouk', 'layla'])(page, world)
      // As if the group was deleted meanwhile.
      await page
        .locator('#group')
        .evaluate((field) => (field as HTMLSelectElement).add(new Option('None', 'None', true, true)))
      await send(page, {})
    },
    endsAt: '/admin/users/bulk',
    status: 422,
  },
  {
    name: 'users-bulk-none-selected',
    as: 'admin',
    at: '/admin/users',
    // Without a ticked row there is no button, but the Enter key sends the form.
    doing: (page) => page.getByRole('row', { name: 'ada' }).first().getByRole('checkbox').press('Enter'),
    endsAt: '/admin/users/bulk',
    status: 422,
  },
  {
    name: 'users-bulk-fault',
    as: 'admin',
    at: '/admin/users',
    doing: async (page, world) => {
      await ticking('invite', ['bela', 'greta'])(page, world)
      await page.locator('#expires_in option[selected]').evaluate((option) => option.setAttribute('value', '1'))
      await send(page, {})
    },
    endsAt: '/admin/users/bulk',
    status: 422,
  },
  {
    name: 'users-bulk-report',
    as: 'admin',
    at: '/admin/users',
    doing: async (page, world) => {
      await ticking('invite', ['bela', 'greta'])(page, world)
      await send(page, {})
    },
    endsAt: '/admin/users/bulk',
  },
  { name: 'users-email-confirmations', as: 'admin', at: '/admin/users/email-confirmations' },
  { name: 'user-expiry', as: 'admin', at: ofUser('ada', '/expiry') },
  { name: 'user-expiry-own', as: 'admin', at: ofUser('grace', '/expiry') },
  {
    name: 'user-expiry-past',
    as: 'admin',
    at: ofUser('ada', '/expiry'),
    doing: sending({ expires_on: '2020-01-01' }),
    status: 422,
  },
  {
    name: 'invitation-mailed',
    as: 'admin',
    at: '/admin/users/new',
    doing: sending({ username: 'mailed', email: 'mailed@example.org' }),
  },
  { name: 'invite-many', as: 'admin', at: '/admin/users/invite-many' },
  {
    name: 'invite-many-unreadable',
    as: 'admin',
    at: '/admin/users/invite-many',
    doing: sending({ csv: 'name\nada' }),
    status: 422,
  },
  { name: 'invite-many-checked', as: 'admin', at: '/admin/users/invite-many', doing: sending({ csv: LIST }) },
  {
    name: 'invite-many-done',
    as: 'admin',
    at: '/admin/users/invite-many',
    doing: async (page) => {
      await page.locator('input[name="delivery"][value="link"]').check()
      await send(page, { csv: LIST })
      await page.locator('.button.primary').click()
    },
  },
  { name: 'user-new', as: 'admin', at: '/admin/users/new' },
  {
    name: 'user-new-faults',
    as: 'admin',
    at: '/admin/users/new',
    doing: sending({ username: 'a@b', email: 'nowhere@x' }),
    status: 422,
  },
  {
    name: 'user-new-invitation',
    as: 'admin',
    at: '/admin/users/new',
    endsAt: '/admin/users/:id/invitation',
    doing: async (page) => {
      await page.locator('input[name="delivery"][value="link"]').check()
      await send(page, { username: 'otto', full_name: 'Otto Lang', email: 'otto@example.org' })
    },
  },
  { name: 'user-invite-again', as: 'admin', at: ofUser('frida', '/invitation') },
]

const ONE_USER: readonly Screen[] = [
  { name: 'user', as: 'admin', at: ofUser('ada') },
  { name: 'user-saved', as: 'admin', at: ofUser('ada', '?done=saved') },
  {
    name: 'user-faults',
    as: 'admin',
    at: ofUser('ada'),
    doing: sending({ username: 'a@b', email: 'nowhere@x' }),
    status: 422,
  },
  { name: 'user-sign-in', as: 'admin', at: ofUser('ada', '/sign-in') },
  { name: 'user-requirements', as: 'admin', at: ofUser('ada', '/requirements') },
  { name: 'user-activity', as: 'admin', at: ofUser('ada', '/activity') },
  { name: 'user-help-tab', as: 'admin', at: ofUser('ada', '/help') },
  { name: 'user-invited', as: 'admin', at: ofUser('emil') },
  { name: 'user-invitation-expired', as: 'admin', at: ofUser('hugo') },
  { name: 'user-disabled', as: 'admin', at: ofUser('oskar') },
  { name: 'user-without-second-step', as: 'admin', at: ofUser('ingrid') },
  { name: 'user-locked', as: 'admin', at: ofUser(LOCKED_USER, '/sign-in') },
  { name: 'user-myself', as: 'admin', at: ofUser('grace') },
  { name: 'user-long-name', as: 'admin', at: ofUser(NAMES.long) },
  { name: 'user-right-to-left', as: 'admin', at: ofUser(NAMES.hebrew) },
  { name: 'user-markup', as: 'admin', at: ofUser(NAMES.markup) },
  { name: 'user-disable', as: 'admin', at: ofUser('ada', '/disable') },
  { name: 'user-sign-out', as: 'admin', at: ofUser('ada', '/sign-out') },
  { name: 'user-reset', as: 'admin', at: ofUser('ada', '/reset-second-step') },
  {
    name: 'user-reset-faults',
    as: 'admin',
    at: ofUser('ada', '/reset-second-step'),
    doing: sending({ reason: ' ' }),
    status: 422,
  },
  {
    name: 'user-token-revoke',
    as: 'admin',
    at: (world) => `${ofUser('ada', '/tokens')(world)}/${world.tokens.ada}/revoke`,
  },
  { name: 'user-delete', as: 'admin', at: ofUser('ada', '/delete') },
  {
    name: 'user-delete-mismatch',
    as: 'admin',
    at: ofUser('ada', '/delete'),
    doing: sending({ username: 'eda' }),
    status: 422,
  },
  { name: 'user-not-there', as: 'admin', at: '/admin/users/999999', status: 404 },
]

const APPROVALS: readonly Screen[] = [
  { name: 'approvals', as: 'admin', at: '/admin/approvals', on: 'ruled' },
  { name: 'approvals-empty', as: 'owner', at: '/admin/approvals', on: 'fresh' },
  { name: 'approval', as: 'admin', at: ({ requests }) => `/admin/approvals/${requests.waiting}`, on: 'ruled' },
  { name: 'approval-waiting', as: 'admin', at: ({ requests }) => `/admin/approvals/${requests.own}`, on: 'ruled' },
  {
    name: 'approval-asked',
    as: 'admin',
    at: ({ requests }) => `/admin/approvals/${requests.own}?done=asked`,
    on: 'ruled',
  },
  { name: 'approval-ready', as: 'admin', at: ({ requests }) => `/admin/approvals/${requests.ready}`, on: 'ruled' },
  {
    name: 'approval-declined',
    as: 'admin',
    at: ({ requests }) => `/admin/approvals/${requests.declined}`,
    on: 'ruled',
  },
]

export const ADMIN_SCREENS: readonly Screen[] = [
  ...OVERVIEW,
  ...USERS,
  ...GROUP_SCREENS,
  ...ROLE_SCREENS,
  ...APP_SCREENS,
  ...HOST_SCREENS,
  ...REGISTRATIONS,
  ...ONE_USER,
  ...APPROVALS,
]
