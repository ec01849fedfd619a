// Values for the parameters of queries. The values do not matter: only the statements are compared.
import { NO_PROFILE } from '#domain/attempts/attempt.ts'
import type { EventFilter } from '#domain/audit/event-filter.ts'
import { reversed, segmentsFrom, USER_SORTS } from '#use-cases/administration/users/user-list.ts'

/** The user to whom the rows belong. */
export const OWNER = { id: 1, subject: 'owner', username: 'owner', username_key: 'owner' } as const

export const NOW = 1_800_000_000_000
export const { id: ID, subject: SUBJECT } = OWNER
export const SINCE = { seen: NOW, started: NOW }

export const JOB = { name: 'expired-sessions', every: 600_000 } as const
export const JOB_RUN = { finishedAt: NOW, outcome: 'succeeded', error: null, failures: 0, nextRunAt: NOW } as const

export const APP = {
  id: 'app',
  name: 'Phone',
  createdAt: NOW,
  confirmedAt: null,
  lastUsedAt: null,
  replaces: null,
  sealedSecret: 'sealed',
  algorithm: 'SHA1',
  digits: 6,
  period: 30,
  lastUsedStep: null,
} as const

export const PASSKEY = {
  id: 'passkey',
  subject: SUBJECT,
  name: 'Phone',
  credentialId: 'credential',
  publicKey: 'key',
  signCount: 0,
  transports: 'internal',
  aaguid: '00000000-0000-0000-0000-000000000000',
  deviceType: 'multi-device',
  backedUpAt: null,
  createdAt: NOW,
  lastUsedAt: null,
} as const

export const CHALLENGE = {
  id: 'challenge',
  purpose: 'sign-in',
  subject: null,
  boundTo: null,
  expiresAt: NOW,
} as const

export const ATTEMPT = {
  id: 'attempt',
  purpose: 'sign-in',
  stage: 'second-factor',
  subject: SUBJECT,
  epoch: 1,
  methods: ['password'],
  expiresAt: NOW,
  consumedAt: null,
  profile: NO_PROFILE,
  linkId: null,
  factorId: null,
  sealedSecret: null,
} as const

export const SESSION = {
  id: 'session',
  subject: SUBJECT,
  transport: 'bearer',
  methods: ['password', 'totp'],
  address: '192.0.2.1',
  agent: null,
  startedAt: NOW,
  lastSeenAt: NOW,
  authenticatedAt: NOW,
  tokenHash: 'hash',
  epoch: 1,
} as const

export const API_TOKEN = {
  id: 'token',
  subject: SUBJECT,
  name: 'Nightly report',
  scopes: ['self:read'],
  createdAt: NOW,
  expiresAt: NOW,
  lastUsedAt: null,
  revokedAt: null,
  hostId: null,
} as const

export const NOTICE = {
  id: 'notice',
  subject: SUBJECT,
  kind: 'password-changed',
  once: null,
  createdAt: NOW,
  expiresAt: NOW,
} as const

export const EMAIL_CHANGE = {
  id: 'change',
  subject: SUBJECT,
  email: 'ada@example.org',
  formerEmail: null,
  formerVerifiedAt: null,
  createdAt: NOW,
  expiresAt: NOW,
  confirmedAt: null,
} as const

export const LINK = {
  id: 'link',
  purpose: 'invitation',
  subject: SUBJECT,
  epoch: 1,
  createdBy: null,
  createdAt: NOW,
  expiresAt: NOW,
  consumedAt: null,
  about: null,
  mailedTo: null,
  replacedAt: null,
} as const

export const APPROVAL = {
  id: 'approval',
  kind: 'disable',
  actor: SUBJECT,
  actorEpoch: 1,
  target: SUBJECT,
  targetName: 'owner',
  targetState: 'state',
  values: {},
  parameters: {},
  passwordHash: null,
  reason: null,
  state: 'waiting',
  createdAt: NOW,
  readyAt: NOW,
  expiresAt: NOW,
  decidedBy: null,
  decidedAt: null,
  endReason: null,
} as const

export const MAIL = {
  id: 'mail',
  template: 'test',
  recipient: 'ada@example.org',
  subject: null,
  locale: null,
  facts: '{}',
  link_id: null,
  link_path: null,
  sealed_link_token: null,
  message_id: '<mail@localhost>',
  state: 'queued',
  attempts: 0,
  next_attempt_at: NOW,
  created_at: NOW,
  expires_at: NOW,
} as const

export const EVENT = {
  id: 'event',
  at: NOW,
  action: 'user.created',
  actor: null,
  target: SUBJECT,
  result: 'done',
  reason: null,
  details_digest: 'digest',
  details: null,
  address_key: null,
  key_id: 'key',
  mac: 'mac',
  ends: null,
  session_id: null,
  kept_session_id: null,
  client_id: null,
  ending_mac: null,
} as const

export const NEW_USER = {
  username: 'other',
  username_key: 'other',
  email: null,
  email_key: null,
  full_name: null,
  role: 'user',
  disabled: 0,
  hashed_password: null,
  created_at: NOW,
  invited_at: null,
  second_factor_at: null,
  passkey_at: null,
  password_changed_at: null,
} as const

export const IP_ADDRESS_RANGE = { from: '4c0000200', to: '4c00002ff' } as const

/** No filter, each filter alone, and all together. */
export function eventFilters(): EventFilter[] {
  const all = {
    actor: SUBJECT,
    target: SUBJECT,
    about: SUBJECT,
    action: 'user.created',
    result: 'done',
    address: IP_ADDRESS_RANGE,
    since: NOW,
    until: NOW,
    cursor: { at: NOW, id: 'event' },
  } as const
  const alone = Object.entries(all).map(([name, value]) => ({ [name]: value }))
  return [{}, ...alone, all].map((filter) => ({ ...filter, limit: 10 }))
}

/** Each order from its beginning and from a cursor on, and each filter. */
export function listings() {
  const plain = { order: { by: 'username', descending: false }, limit: 10, after: null, search: null } as const
  const start = { of: 'keyed', after: null } as const
  const orders = USER_SORTS.flatMap((by) =>
    [false, true].map((descending) => ({ ...plain, order: { by, descending } })),
  )
  const ordered = orders.flatMap((listing) => {
    const key = listing.order.by.endsWith('_at') ? NOW : 'ada'
    const onward = { of: 'keyed', after: { key, id: ID } } as const
    const keyless = { of: 'keyless', after: { key: null, id: ID } } as const
    return [start, onward, { of: 'keyless', after: null } as const, keyless].map((segment) => ({
      ...listing,
      segments: [segment],
    }))
  })
  const filters = [
    { search: { term: 'ada', found: null } },
    { search: { term: 'ad', found: null } },
    { role: 'admin' },
    { role: 'user' },
    { status: 'active' },
    { status: 'invited' },
    { status: 'disabled' },
    { status: 'no-factor' },
    { status: 'active', secondFactor: 'passkey' },
    { status: 'active', secondFactor: 'app' },
    { secondFactor: 'none' },
    { group: { id: 'group', isLarge: true } },
  ] as const
  const group = { id: 'group', isLarge: false }
  const found = [
    { ...plain, search: { term: 'ada', found: [1, 2] } },
    { ...plain, search: { term: 'ada', found: [1, 2] }, group },
    { ...plain, group },
  ]
  return [
    ...ordered,
    ...filters.map((filter) => ({ ...plain, ...filter, segments: [start] })),
    ...found.map((listing) => ({ ...listing, segments: segmentsFrom(listing.order, { key: 'ada', id: ID }) })),
    ...found.map((listing) => ({ ...listing, segments: segmentsFrom(reversed(listing.order), null) })),
  ]
}

/** The positions at which paging ends. */
export function positions() {
  const order = { by: 'username', descending: false } as const
  const ends = (['keyed', 'keyless'] as const).map((of) => ({
    segment: { of, after: null },
    end: { key: of === 'keyed' ? 'ada' : null, id: ID },
  }))
  return ends.map((position) => ({ order, limit: 10, after: null, status: 'invited' as const, ...position }))
}
