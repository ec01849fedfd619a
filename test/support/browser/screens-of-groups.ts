// The pages of groups in each of their states: those of admins, and those of managers and members.
import type { Page } from 'playwright-core'

import type { PopulatedGroups } from '../server/populated-groups.ts'
import type { World } from '../server/populated-server.ts'
import { moveOn, press } from './page-actions.ts'
import { type Screen, sending } from './screen.ts'

/** The path of a group's page for admins, or of a page below it. */
function ofGroup(group: keyof PopulatedGroups, below = ''): (world: World) => string {
  return ({ groups }) => `/admin/groups/${groups[group]}${below}`
}

/** The path of its page for its managers. */
function managed(group: keyof PopulatedGroups): (world: World) => string {
  return ({ groups }) => `/account/groups/${groups[group]}`
}

/** Sends the form that adds members. */
function adding(users: string): (page: Page) => Promise<void> {
  return async (page) => {
    await page.locator('.adds > summary').click()
    await page.fill('#users', users)
    await moveOn(page, () => press(page, 'Add members'))
  }
}

export const GROUP_SCREENS: readonly Screen[] = [
  { name: 'groups', as: 'admin', at: '/admin/groups' },
  { name: 'groups-found', as: 'admin', at: '/admin/groups?q=en' },
  { name: 'groups-not-found', as: 'admin', at: '/admin/groups?q=nothing' },
  { name: 'groups-empty', as: 'owner', at: '/admin/groups', on: 'fresh' },
  { name: 'group-new', as: 'admin', at: '/admin/groups/new' },
  {
    name: 'group-new-faults',
    as: 'admin',
    at: '/admin/groups/new',
    doing: sending({ name: 'A;B', description: 'x'.repeat(301) }),
    status: 422,
  },
  {
    name: 'group-new-taken',
    as: 'admin',
    at: '/admin/groups/new',
    doing: sending({ name: 'ENGINEERING' }),
    status: 409,
  },
  { name: 'group', as: 'admin', at: ofGroup('named') },
  { name: 'group-long', as: 'admin', at: ofGroup('long') },
  { name: 'group-free', as: 'admin', at: ofGroup('free') },
  { name: 'group-empty', as: 'admin', at: ofGroup('empty') },
  { name: 'group-searched', as: 'admin', at: ofGroup('named', '?q=zz') },
  { name: 'group-unknown', as: 'admin', at: '/admin/groups/none', status: 404 },
  {
    name: 'group-members-missing',
    as: 'admin',
    at: ofGroup('empty'),
    doing: adding(','),
    endsAt: ofGroup('empty', '/members'),
    status: 422,
  },
  {
    name: 'group-added',
    as: 'admin',
    at: ofGroup('free'),
    doing: adding('ada, linus, unknown-user'),
    endsAt: ofGroup('free', '/members'),
  },
  { name: 'group-edit', as: 'admin', at: ofGroup('free', '/edit') },
  { name: 'group-delete', as: 'admin', at: ofGroup('free', '/delete') },
  { name: 'group-delete-named', as: 'admin', at: ofGroup('named', '/delete') },
  { name: 'user-groups', as: 'admin', at: ({ ids }) => `/admin/users/${ids.get('ada')}/groups` },
  { name: 'user-groups-none', as: 'owner', at: '/admin/users/1/groups', on: 'fresh' },
  { name: 'users-of-group', as: 'admin', at: '/admin/users?group=On+call' },
  { name: 'users-of-no-group', as: 'admin', at: '/admin/users?group=None' },
]

export const OWN_GROUP_SCREENS: readonly Screen[] = [
  { name: 'own-groups', as: 'user', at: '/account/groups' },
  { name: 'own-groups-none', as: 'owner', at: '/account/groups', on: 'fresh' },
  { name: 'own-group', as: 'beginner', at: managed('free') },
  { name: 'own-group-named', as: 'user', at: managed('named') },
  { name: 'own-group-long', as: 'user', at: managed('long') },
  { name: 'own-group-unknown', as: 'user', at: '/account/groups/none', status: 404 },
]
