// The navigation beside a page: the pages of administration, or the sections of one page.
import type { Permission } from '../../kernel/principal.ts'
import { html } from '../html.ts'
import type { Html } from '../html.ts'
import type { Texts } from '../../texts/texts.ts'
import { withIcon } from './icon.ts'
import type { Drawing } from './icon.ts'

/** An entry of a navigation. */
export interface Place {
  /** The path of a page, perhaps with the anchor of a section on it. */
  readonly path: string
  readonly label: string
  readonly drawing?: Drawing
  /** Prefixes of the paths that belong to the entry. */
  readonly below?: readonly string[]
}

export interface SideNavigation {
  /** What the navigation leads through, for screen readers. */
  readonly label: string
  readonly places: readonly Place[]
  /** The page above this one. */
  readonly back?: Pick<Place, 'path' | 'label'>
}

/**
 * The navigation beside a page. An entry of a section on this page is marked while the section is the target of the address; with scripts the
 * module `sections` marks the section in sight.
 */
export function sideNavigation({ label, places, back }: SideNavigation, here: string): Html {
  return html`<nav class="side" aria-label="${label}">
    <ul>
      ${places.map((place) => placeLink(place, here))}
      ${back && html`<li class="back"><a href="${back.path}">← ${back.label}</a></li>`}
    </ul>
  </nav>`
}

/** The item of one entry, marked if it leads to this page or to one above it. */
export function placeLink({ path, label, drawing, below = [] }: Place, here: string): Html {
  const isCurrent = here === path || below.some((beginning) => here.startsWith(beginning))
  return html`<li>
    <a href="${path}" ${isCurrent && html`aria-current="page"`}>${drawing ? withIcon(drawing, label) : label}</a>
  </li>`
}

interface AdminPlace extends Place {
  /** Without them the page would be refused. */
  readonly needs: readonly Permission[]
}

/** What opens the pages about the server: they name users. */
const SERVER: readonly Permission[] = ['server:read', 'users:read']

function adminPlaces(say: Texts): readonly AdminPlace[] {
  return [
    {
      path: '/admin',
      needs: ['users:read'],
      label: say.overview.title,
      drawing: 'overview',
      below: ['/admin/connect'],
    },
    {
      path: '/admin/users',
      needs: ['users:read'],
      label: say.users.title,
      drawing: 'users',
      below: ['/admin/users/', '/admin/registrations'],
    },
    {
      path: '/admin/groups',
      needs: ['users:read'],
      label: say.groups.title,
      drawing: 'groups',
      below: ['/admin/groups/'],
    },
    { path: '/admin/roles', needs: ['roles:write'], label: say.roles.title, drawing: 'role', below: ['/admin/roles/'] },
    {
      path: '/admin/activity',
      needs: ['audit:read'],
      label: say.activity.title,
      drawing: 'activity',
      below: ['/admin/activity/', '/admin/refusals'],
    },
    {
      path: '/admin/approvals',
      needs: SERVER,
      label: say.approvals.title,
      drawing: 'key',
      below: ['/admin/approvals/'],
    },
    {
      path: '/admin/policies',
      needs: ['policy:write'],
      label: say.policies.title,
      drawing: 'policy',
      below: ['/admin/policies/'],
    },
    {
      path: '/admin/attributes',
      needs: ['policy:write'],
      label: say.attributes.title,
      drawing: 'fields',
      below: ['/admin/attributes/'],
    },
    { path: '/admin/mails', needs: SERVER, label: say.outbox.title, drawing: 'mail', below: ['/admin/mails/'] },
    { path: '/admin/checkup', needs: SERVER, label: say.checkup.title, drawing: 'shield' },
  ]
}

/** The pages of administration that these permissions open. */
export function adminNavigation(say: Texts, permissions: readonly Permission[]): SideNavigation {
  return {
    label: say.overview.area,
    places: adminPlaces(say).filter(isOpenTo(permissions)),
  }
}

/** The path of the first page of administration that these permissions open; undefined if they open none. */
export function adminHome(say: Texts, permissions: readonly Permission[]): string | undefined {
  return adminPlaces(say).find(isOpenTo(permissions))?.path
}

function isOpenTo(permissions: readonly Permission[]): (place: AdminPlace) => boolean {
  return ({ needs }) => needs.every((permission) => permissions.includes(permission))
}

const SECURITY = '/account/security'

/** The sections of the security page, or of the account page. The pages that belong to a section mark its entry. */
export function accountNavigation(say: Texts, path: string): SideNavigation {
  const { security, account } = say
  if (!path.startsWith(SECURITY) && path !== '/account/activity')
    return {
      label: account.title,
      places: [
        { path: '/account#details', label: account.details, drawing: 'user' },
        { path: '/account#about', label: account.about, drawing: 'shield' },
        { path: '/account#notices', label: say.ownNotices.title, drawing: 'mail' },
        { path: '/account/groups', label: say.groups.own.title, drawing: 'groups', below: ['/account/groups/'] },
        { path: '/account#delete', label: account.deletion.title, drawing: 'trash', below: ['/account/delete'] },
      ],
    }
  const below = (...folders: readonly string[]): readonly string[] => folders.map((folder) => `${SECURITY}/${folder}`)
  return {
    label: security.title,
    places: [
      { path: `${SECURITY}#protection`, label: security.protection.title, drawing: 'shield' },
      {
        path: `${SECURITY}#second-step`,
        label: security.ways.title,
        drawing: 'passkey',
        below: below('app', 'passkeys', 'recovery-codes'),
      },
      { path: `${SECURITY}#sessions`, label: security.sessions.title, drawing: 'device' },
      { path: `${SECURITY}#password`, label: security.password.title, drawing: 'key', below: below('password') },
      { path: `${SECURITY}#api-tokens`, label: say.tokens.title, drawing: 'code', below: below('tokens') },
      {
        path: `${SECURITY}#activity`,
        label: say.activity.title,
        drawing: 'activity',
        below: ['/account/activity'],
      },
    ],
  }
}
