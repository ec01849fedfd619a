// What the module `keys` needs of the server to build the palette and the list of keys, which do not exist without scripts.
import type { Permission } from '#foundation/kernel/principal.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { type Html, html } from '../html.ts'
import { iconsUrl } from '../http/assets.ts'
import type { Drawing } from './icon.ts'
import { AREA_DRAWINGS, areaLinks, type Navigation, openEntries } from './navigation-entries.ts'

interface KeyboardChoice {
  readonly singleKeys: boolean
  readonly navigation: Navigation
  readonly permissions: readonly Permission[]
}

/** An entry of the palette; after `g` its key opens it. */
interface Entry {
  readonly href: string
  readonly label: string
  readonly drawing: Drawing
  readonly key?: string | undefined
  /** The route of the API that finds what the page lists. */
  readonly finds?: string | undefined
}

export function keyboardWords(say: Texts, { singleKeys, navigation, permissions }: KeyboardChoice): Html {
  const { keyboard, users } = say
  const entries: readonly Entry[] = [
    ...(['admin', 'palette', 'apps'] as const)
      .flatMap((area) => openEntries(navigation, area, permissions))
      .map(({ url, label, drawing = 'chevron', key, finds }) => ({
        href: url,
        label: label(say),
        drawing,
        key,
        finds,
      })),
    ...areaLinks(say, navigation, permissions)
      .filter(({ area }) => area !== 'admin' && area !== 'apps')
      .map(({ path, label, area }) => ({ href: path, label, drawing: AREA_DRAWINGS[area] })),
  ]
  const keys = [
    [keyboard.title, entries.filter(({ key }) => key !== undefined).map(({ key, label }) => [`g ${key}`, label])],
    [
      keyboard.lists,
      [
        ['j / k', keyboard.rows],
        ['x', keyboard.tick],
        ['Enter', keyboard.open],
        ['/', users.searchHint],
      ],
    ],
    [
      keyboard.everywhere,
      [
        [`${keyboard.control} K / ⌘ K`, keyboard.find],
        ['?', keyboard.keys],
      ],
    ],
  ]
  const { title, search, close, keys: keysTitle } = keyboard
  const words = {
    title,
    search,
    close,
    keys: keysTitle,
    one: keyboard.found(1, '#'),
    other: keyboard.found(2, '#'),
    none: keyboard.none('#'),
  }
  return html`<div
    id="keyboard"
    hidden
    ${singleKeys && html`data-single-keys`}
    data-words="${JSON.stringify({ entries, keys, words, icons: iconsUrl })}"
  ></div>`
}
