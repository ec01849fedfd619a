import { iconPath } from '#domain/clients/client-icon.ts'
import { initialsOf } from '#foundation/web/components/avatar.ts'
import { type Html, html } from '#foundation/web/html.ts'

export interface IconOfApp {
  readonly id: string
  readonly name: string
  /** The digest of its icon; without one it is the initial on a colour that follows from the id. */
  readonly icon: string | undefined
}

const SIDES = { small: 28, medium: 32, large: 48 } as const
const HUES = 8

/** The icon of an app. Decoration: its name stands beside it. */
export function appIcon({ id, name, icon }: IconOfApp, size: keyof typeof SIDES = 'medium'): Html {
  const side = SIDES[size]
  if (icon !== undefined)
    return html`<img
      class="avatar of-app ${size}"
      src="${iconPath(id, icon)}"
      alt=""
      width="${side}"
      height="${side}"
      loading="lazy"
    />`
  const initial = initialsOf({ subject: id, username: name })
  return html`<bdi class="avatar of-app ${size} hue-${hueOf(id)}" aria-hidden="true">${initial}</bdi>`
}

/** Ids that are made here begin with the time, so each character counts. */
function hueOf(id: string): number {
  return Array.from(id).reduce((sum, character) => sum + (character.codePointAt(0) ?? 0), 0) % HUES
}
