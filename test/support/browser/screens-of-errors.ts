// The pages that answer errors.
import { DatabaseSync } from 'node:sqlite'
import type { Page } from 'playwright-core'

import type { World } from '../server/populated-server.ts'
import { send } from './page-actions.ts'
import type { Screen } from './screen.ts'

/** Sends the form while another connection holds the write lock of the database. */
async function whileLocked(page: Page, { ailing }: World): Promise<void> {
  const other = new DatabaseSync(ailing.server.databaseUrl.replace('sqlite:', ''))
  try {
    other.exec('begin immediate')
    await send(page, {})
  } finally {
    other.close()
  }
}

export const ERROR_SCREENS: readonly Screen[] = [
  { name: 'not-found', as: 'anonymous', at: '/no-such-page', status: 404 },
  { name: 'not-found-signed-in', as: 'user', at: '/no-such-page', status: 404 },
  { name: 'not-a-page', as: 'anonymous', at: '/theme', status: 405 },
  { name: 'not-allowed', as: 'user', at: '/admin/users', status: 403 },
  {
    name: 'form-outdated',
    as: 'user',
    at: '/account',
    doing: async (page) => {
      await page
        .locator('main input[name="form_token"]')
        .first()
        .evaluate((field) => field.setAttribute('value', 'old'))
      await send(page, {})
    },
    status: 403,
  },
  { name: 'problem', as: 'anonymous', at: '/problems/sign_in.incorrect' },
  { name: 'address-unreadable', as: 'anonymous', at: '/%ff', status: 404 },
  { name: 'wrong-address', as: 'anonymous', at: '/sign-in?next=%2Faccount', under: 'door.localhost', status: 421 },
  { name: 'server-fault', as: 'unlucky', at: '/account/security', on: 'ailing', status: 500 },
  { name: 'server-busy', as: 'unlucky', at: '/sign-out', doing: whileLocked, on: 'ailing', status: 503 },
]
