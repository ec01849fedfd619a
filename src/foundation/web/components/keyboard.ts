// What the module `keys` needs of the server to build the palette and the list of keys, which do not exist without scripts.
import { html } from '../html.ts'
import type { Html } from '../html.ts'
import type { Texts } from '../../texts/texts.ts'

/** An entry of the palette; after `g` its key opens it. */
interface Entry {
  readonly href: string
  readonly label: string
  readonly key?: string
}

export function keyboardWords(say: Texts, singleKeys: boolean): Html {
  const { keyboard, overview, users, activity, outbox, checkup } = say
  const places: readonly Required<Entry>[] = [
    { href: '/admin', label: overview.title, key: 'o' },
    { href: '/admin/users', label: users.title, key: 'u' },
    { href: '/admin/activity', label: activity.title, key: 'a' },
    { href: '/admin/mails', label: outbox.title, key: 'm' },
    { href: '/admin/checkup', label: checkup.title, key: 'c' },
  ]
  const entries: readonly Entry[] = [
    ...places,
    { href: '/admin/users/new', label: users.new },
    { href: '/admin/activity/export', label: keyboard.exportActivity },
    { href: '/admin/refusals', label: activity.trace.lookUp },
    { href: '/account', label: say.account.title },
    { href: '/account/security', label: say.security.title },
  ]
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
