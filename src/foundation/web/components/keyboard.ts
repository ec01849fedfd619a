// What the module `keys` needs of the server to build the palette and the list of keys, which do not exist without scripts.
import type { Permission } from '../../kernel/principal.ts'
import { html } from '../html.ts'
import type { Html } from '../html.ts'
import type { Texts } from '../../texts/texts.ts'

/** An entry of the palette; after `g` its key opens it. */
interface Entry {
  /** Without them the page would be refused; left out where every user may open it. */
  readonly needs?: readonly Permission[]
  readonly href: string
  readonly label: string
  readonly key?: string
}

export function keyboardWords(say: Texts, singleKeys: boolean, permissions: readonly Permission[]): Html {
  const { keyboard, overview, users, activity, outbox, checkup } = say
  const isOpen = ({ needs }: Entry): boolean =>
    needs === undefined || needs.every((permission) => permissions.includes(permission))
  const all: readonly Required<Entry>[] = [
    { href: '/admin', needs: ['users:read'], label: overview.title, key: 'o' },
    { href: '/admin/users', needs: ['users:read'], label: users.title, key: 'u' },
    { href: '/admin/activity', needs: ['audit:read'], label: activity.title, key: 'a' },
    { href: '/admin/mails', needs: ['server:read', 'users:read'], label: outbox.title, key: 'm' },
    { href: '/admin/checkup', needs: ['server:read', 'users:read'], label: checkup.title, key: 'c' },
  ]
  const places = all.filter(isOpen)
  const further: readonly Entry[] = [
    ...places,
    { href: '/admin/users/new', needs: ['users:write'], label: users.new },
    { href: '/admin/roles', needs: ['roles:write'], label: say.roles.title },
    { href: '/admin/activity/export', needs: ['audit:read'], label: keyboard.exportActivity },
    { href: '/admin/refusals', needs: ['audit:read'], label: activity.trace.lookUp },
    { href: '/account', label: say.account.title },
    { href: '/account/security', label: say.security.title },
  ]
  const entries = further.filter(isOpen).map(({ needs: _, ...entry }) => entry)
  const keys = [
    ['Ctrl K / ⌘ K', keyboard.search],
    ['/', users.searchHint],
    ['j / k', keyboard.rows],
    ['x', keyboard.tick],
    ['Enter', keyboard.open],
    ...places.map(({ key, label }) => [`g ${key}`, label]),
    ['?', keyboard.keys],
  ]
  const { title, search, close, keys: keysTitle } = keyboard
  const words = { title, search, close, keys: keysTitle, one: keyboard.found(1, '#'), other: keyboard.found(2, '#') }
  return html`<div
    id="keyboard"
    hidden
    ${singleKeys && html`data-single-keys`}
    data-words="${JSON.stringify({ entries, keys, words })}"
  ></div>`
}
