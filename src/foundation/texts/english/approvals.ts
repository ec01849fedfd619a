// The two-person rule: requests that wait for a second admin, and objections.

type Named = (name: string) => string

/** Each change as a title, with the account in question. */
const changes: Readonly<
  Record<
    | 'create-user'
    | 'invite'
    | 'change'
    | 'promote'
    | 'demote'
    | 'change-email'
    | 'rename'
    | 'enable'
    | 'disable'
    | 'delete'
    | 'reset-second-factor'
    | 'set-password'
    | 'lift-review'
    | 'change-end'
    | 'give-role'
    | 'create-role'
    | 'change-role'
    | 'create-policy'
    | 'change-policy'
    | 'exempt'
    | 'unexempt'
    | 'add-member'
    | 'create-app'
    | 'change-app'
    | 'enable-app'
    | 'add-app-secret'
    | 'create-resource'
    | 'change-resource'
    | 'change-agents'
    | 'create-host'
    | 'change-host',
    Named
  >
> = {
  'create-user': (name) => `Create account ${name}`,
  invite: (name) => `Invite ${name}`,
  change: (name) => `Change account ${name}`,
  promote: (name) => `Make ${name} an admin`,
  demote: (name) => `Remove all permissions from ${name}`,
  'change-email': (name) => `Change the email address of ${name}`,
  rename: (name) => `Change the username of ${name}`,
  enable: (name) => `Enable ${name}`,
  disable: (name) => `Disable ${name}`,
  delete: (name) => `Delete ${name}`,
  'reset-second-factor': (name) => `Reset the second step of ${name}`,
  'set-password': (name) => `Set a password for ${name}`,
  'lift-review': (name) => `Clear the review of ${name}`,
  'change-end': (name) => `Change the account expiry of ${name}`,
  'give-role': (name) => `Change the role of ${name}`,
  'create-role': (name) => `Create role ${name}`,
  'change-role': (name) => `Change role ${name}`,
  'create-policy': (name) => `Create policy ${name}`,
  'change-policy': (name) => `Change policy ${name}`,
  exempt: (name) => `Shorten the exemption of ${name}`,
  unexempt: (name) => `End the exemption of ${name}`,
  'add-member': (name) => `Add ${name} to a group`,
  'create-app': (name) => `Register app ${name}`,
  'change-app': (name) => `Change app ${name}`,
  'enable-app': (name) => `Enable app ${name}`,
  'add-app-secret': (name) => `New secret for app ${name}`,
  'create-resource': (name) => `Register resource ${name}`,
  'change-resource': (name) => `Change resource ${name}`,
  'change-agents': () => 'Change which agents are allowed',
  'create-host': (name) => `Protect host ${name}`,
  'change-host': (name) => `Change protected host ${name}`,
}

export const approvals = {
  title: 'Approvals',
  lead: 'Changes to accounts with permissions, roles, apps, resources, agents, protected hosts and some policies wait here for a second admin.',
  changes,
  severalChanges: (changes: readonly string[], more: number) =>
    [...changes, ...(more > 0 ? [`and ${more} more`] : [])].join('; '),
  off: 'The two-person rule is off',
  howToTurnOn: (setting: string, on: string) =>
    `Changes take effect immediately. To turn it on, set ${setting} to ${on} in the configuration and restart the server.`,
  onFor: (wait: string) =>
    `If no second admin responds, a request takes effect by itself after ${wait}. One that shows a link waits until an admin applies it.`,
  states: {
    waiting: 'Waiting',
    'carried-out': 'Applied',
    declined: 'Declined',
    withdrawn: 'Withdrawn',
    objected: 'Objection',
    lapsed: 'Expired',
  },
  /** The change, as the one question of its page. */
  question: (change: string) => `${change}?`,
  asks: (asker: string) => `${asker} asks for this change.`,
  asksYou: 'You asked for this change.',
  /** In the list: the reader’s own request, and one about their account. */
  yours: 'Your request',
  ofYou: 'About you',
  readyForYou: 'You can apply it now',
  readyForOthers: 'Another admin can apply it',
  changesTable: 'What changes',
  what: 'What changes',
  now: 'Now',
  after: 'After',
  /** What a change of this kind does, where its values do not say it. */
  effects: {
    enable: ['Account', 'Disabled', 'Enabled'],
    disable: ['Account', 'Enabled', 'Disabled, signed out everywhere'],
    delete: ['Account', 'There', 'Deleted for good'],
    invite: ['Invitation', 'None that works', 'A new link'],
    'reset-second-factor': ['Second step', 'Set up', 'Removed'],
    'set-password': ['Password', 'The current one', 'A new one'],
    'lift-review': ['Review', 'Needed', 'Cleared'],
    'enable-app': ['State', 'Disabled', 'Enabled'],
    'add-app-secret': ['Secrets', 'The current ones', 'One more'],
  } as Readonly<Record<string, readonly [label: string, now: string, after: string]>>,
  effectOn: (date: string) => `Unless it’s declined, it takes effect by itself on ${date}.`,
  /** Of a change that ends in a link. */
  linkWaits: (date: string) =>
    `Unless it’s declined, an admin can apply it without a second one from ${date}. It doesn’t take effect by itself, because its link is shown only once.`,
  review: 'Review',
  view: 'View',
  waitingTable: 'Waiting requests',
  endedTitle: 'Past requests',
  endedTable: 'Past requests',
  change: 'Change',
  askedBy: 'Requested by',
  asked: 'Requested',
  state: 'State',
  ended: 'Ended',
  readyAt: 'Waiting time ends',
  none: 'No requests waiting',
  noneEnded: 'No past requests.',
  waitingTitle: 'Waiting for a second admin',
  waitingLead: 'Another admin can approve this now.',
  waitingAlone: 'There’s no other admin who could approve this.',
  readyLead: 'The waiting time is over. It takes effect by itself in a few minutes, or when an admin applies it.',
  readyLink: 'The waiting time is over. Its link is shown to the admin who applies it.',
  aboutYou: 'This is about your own account, so another admin decides. You can object.',
  endedBy: 'Decided by',
  account: 'Account',
  ofRole: 'Role',
  ofPolicy: 'Policy',
  ofApp: 'App',
  ofResource: 'Resource',
  ofHost: 'Protected host',
  reason: 'Reason',
  why: 'Why it expired',
  fields: {
    username: 'Username',
    email: 'Email',
    full_name: 'Full name',
    role: 'Role',
    description: 'Description',
    permissions: 'Permissions',
    locale: 'Language',
    time_zone: 'Time zone',
    expires_at: 'Account expires',
    delivery: 'Invitation',
    invite: 'Invitation link',
    reset_password: 'Also reset the password',
    must_change: 'Change at next sign-in',
    keep_sessions: 'Keep sessions',
    groups: 'Groups',
    group: 'Group',
    policy: 'Policy',
    ends_at: 'Exemption ends',
    name: 'New name',
    app_kind: 'Kind',
    redirect_uris: 'Redirect URIs',
    logout_uris: 'After signing out',
    auth_method: 'Authentication of the app',
    id_token_alg: 'Signature of ID tokens',
    scopes: 'May ask for',
    refresh_tokens: 'May renew its sign-in',
    require_pkce: 'PKCE required',
    allow_http: 'http allowed',
    claims_in_id_token: 'Everything in the ID token',
    unconfirmed_email: 'Emails that aren’t verified',
    shared_groups: 'Groups',
    shared_group_names: 'Groups',
    device_sign_in: 'Sign-in on another device',
    backchannel_uri: 'Told of sign-outs at',
    backchannel_session_required: 'Only single sessions told',
    trusted: 'Users aren’t asked',
    allowed_roles: 'Roles that may use it',
    allowed_group_names: 'Groups that may use it',
    least_assurance: 'At least',
    max_age: 'Signed in at most',
    start_url: 'Where it’s opened',
    hidden: 'Hidden from the start page',
    preset: 'Preset',
    claims: 'Attributes',
    uri: 'URI',
    served_by: 'Checks the tokens',
    served_by_name: 'Checks the tokens',
    token_format: 'Tokens',
    token_lifetime: 'Tokens live',
    resource_scopes: 'Scopes',
    allowed_clients: 'Apps that may ask',
    allowed_client_names: 'Apps that may ask',
    agents: 'Agents can sign people in',
    allowed_documents: 'Documents',
    named_rules: 'Rules, the first that fits decides',
    api_tokens: 'API tokens open it',
    preflights: 'Preflights pass',
  } as Readonly<Record<string, string>>,
  yes: 'Yes',
  no: 'No',
  removed: 'Removed',
  whyLapsed: {
    too_late: 'It wasn’t applied in time.',
    unreadable: 'It was made by a newer version of Doorward.',
    asker_changed: 'The requester’s permissions or sign-in changed.',
    target_changed: 'The account changed after the request was made.',
    role_changed: 'The role changed after the request was made.',
    policy_changed: 'The policy changed after the request was made.',
    app_changed: 'The app changed after the request was made, or was deleted.',
    resource_changed: 'The resource changed after the request was made, or was deleted.',
    host_changed: 'The protected host changed after the request was made, or was removed.',
    agents_changed: 'The allowed agents changed after the request was made.',
    validation_failed: 'The policy would contradict another one by now, or its role or group is gone.',
    exists: 'There is already a policy for the same users.',
    version_planned: 'Another version was planned after the request was made.',
    exemption_useless: 'The exemption would change nothing by now.',
  } as Readonly<Record<string, string>>,
  otherwise: 'The change was no longer possible.',
  approve: 'Approve',
  decline: 'Decline',
  withdraw: 'Withdraw request',
  carryOut: 'Apply now',
  /** On a page that asks before a change, while the rule is on. */
  takesEffect: (until: string) => `Takes effect when another admin approves, at the latest on ${until}.`,
  send: 'Send request',
  /** Shown on another page to who may not open the request. */
  askedOnly: 'Request sent. It waits for a second admin, so nothing has changed yet.',
  done: {
    asked: 'Request sent. Nothing has changed yet.',
    approved: 'Approved and applied.',
    'carried-out': 'Applied.',
    declined: 'Request declined. Nothing was changed.',
    withdrawn: 'Request withdrawn. Nothing was changed.',
  },
  toDo: (count: number) =>
    count === 1 ? '1 request is waiting for a second admin.' : `${count} requests are waiting for a second admin.`,
  show: 'Show requests',
  bulkWaiting: 'Waiting',
  bulkCount: (count: number) => `${count} waiting for a second admin`,
  rule: {
    on: (wait: string) => `on, with a waiting time of ${wait}`,
    off: 'off',
  },
}

export const objections = {
  title: 'Requests about you',
  lead: 'Admins asked to change your account. If you don’t agree, object before the change happens.',
  none: 'No requests about you.',
  table: 'Requests about you',
  object: 'Object',
  banner: 'An admin asked to change your account.',
  review: 'Review the request',
  done: { objected: 'Request stopped. Nothing was changed.' },
  link: {
    title: 'Object to a change',
    question: 'Stop this change to your account?',
    lead: (asker: string) => `${asker} asked for this change. It takes effect unless you or an admin stops it.`,
    unnamed: 'An admin',
    happens: (date: string) => `Takes effect ${date}`,
    keep: 'Leave it',
    effect: 'Stopping it ends the request, and nothing is changed. This doesn’t sign you in.',
    submit: 'Stop the change',
    doneTitle: 'Request stopped',
    doneText: 'Nothing was changed. If you didn’t expect this request, tell another admin.',
    ended: 'Request already ended',
    endedText: 'This request was applied, declined or withdrawn, so you can no longer object to it.',
    unknown: 'This link doesn’t work',
    unknownText: 'Check that you copied the whole link. You can also object in your account.',
    used: 'This link was already used',
    usedText: 'You have already objected with this link.',
    expired: 'This link has expired',
    expiredText: 'The time to object is over.',
    account: 'Go to your account',
  },
}
