// The pages of attributes: their declarations, and their fields in the pages of users.
import { moveOn } from './page-actions.ts'
import { type Screen, sending } from './screen.ts'

const on = 'fresh'
const LIST = '/admin/attributes'

export const ATTRIBUTE_SCREENS: readonly Screen[] = [
  { name: 'attributes', as: 'owner', at: LIST, on },
  { name: 'attributes-done', as: 'owner', at: `${LIST}?done=moved`, on },
  { name: 'attributes-empty', as: 'admin', at: LIST },
  { name: 'attribute-new', as: 'owner', at: `${LIST}/new`, on },
  {
    name: 'attribute-new-faults',
    as: 'owner',
    at: `${LIST}/new`,
    doing: sending({ label: 'Size', key: 'Size' }),
    status: 422,
    on,
  },
  { name: 'attribute-change', as: 'owner', at: `${LIST}/department`, on },
  { name: 'attribute-change-hidden', as: 'owner', at: `${LIST}/note`, on },
  {
    name: 'attribute-change-faults',
    as: 'owner',
    at: `${LIST}/department`,
    doing: sending({ choices: 'Front desk\nReading room' }),
    status: 422,
    on,
  },
  { name: 'attribute-delete', as: 'owner', at: `${LIST}/department/delete`, on },
  { name: 'user-attributes', as: 'owner', at: '/admin/users/1', on },
  { name: 'user-new-attributes', as: 'owner', at: '/admin/users/new', on },
]

export const OWN_ATTRIBUTE_SCREENS: readonly Screen[] = [
  { name: 'account-attributes', as: 'owner', at: '/account', on },
  {
    name: 'account-attributes-faults',
    as: 'owner',
    at: '/account',
    doing: (page) =>
      moveOn(page, async () => {
        await page.fill('#attribute-plate', 'x'.repeat(301))
        await page.locator('#attributes button[type=submit]').click()
      }),
    endsAt: '/account/attributes',
    status: 422,
    on,
  },
]
